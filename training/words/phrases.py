"""Phrases of the practice sentences: feelings by their stems, events, frames around them, and signs."""

from __future__ import annotations

# Past stems: each takes 다, 어, 음, 네, 어요 …; then the form before 지 (않다), where there is one.
KOREAN_FEELINGS: dict[str, str] = {
    "happiness": """
        행복했/행복하 기뻤/기쁘 즐거웠/즐겁 신났/신나 좋았/좋 뿌듯했/뿌듯하 설렜/설레 고마웠/고맙 편안했/편안하
        재밌었/재밌 감사했/감사하 만족스러웠/만족스럽 기분_좋았/기분_좋 감동받았/감동받 웃겼/웃기
        사랑스러웠/사랑스럽 후련했/후련하
    """,
    "surprise": """
        놀랐/놀라 깜짝_놀랐/놀라 충격이었/- 당황했/당황하 신기했/신기하 뜻밖이었/- 황당했/황당하 놀라웠/놀랍
        어리둥절했/- 예상_밖이었/- 생각도_못_했/- 어안이_벙벙했/- 헉_했/- 의외였/-
    """,
    "neutral": """
        평범했/평범하 무난했/무난하 그저_그랬/- 별일_없었/- 그냥_그랬/- 평소랑_같았/- 조용했/조용하 똑같았/-
        담담했/담담하 그럭저럭_지냈/- 특별할_거_없었/- 보통이었/-
    """,
    "fear": """
        무서웠/무섭 불안했/불안하 걱정됐/걱정되 두려웠/두렵 긴장했/긴장하 초조했/초조하 떨렸/떨리 겁났/겁나
        막막했/막막하 걱정이_많았/- 안절부절못했/- 식은땀이_났/- 겁이_났/- 부담스러웠/부담스럽 심란했/-
    """,
    "disgust": """
        역겨웠/역겹 더러웠/더럽 징그러웠/징그럽 불쾌했/불쾌하 싫었/싫 메스꺼웠/메스껍 혐오스러웠/혐오스럽
        토할_것_같았/- 꼴보기_싫었/- 비위가_상했/- 지저분했/지저분하 질색이었/- 꺼림칙했/- 구역질이_났/- 밥맛이었/-
    """,
    "anger": """
        화가_났/화가_나 화났/화나 짜증_났/짜증_나 짜증났/짜증나 열받았/열받 억울했/억울하 분했/분하 답답했/답답하
        어이없었/- 미웠/밉 괘씸했/괘씸하 빡쳤/빡치 성질났/- 속이_터졌/- 얄미웠/얄밉 서로_소리쳤/-
    """,
    "sadness": """
        슬펐/슬프 우울했/우울하 외로웠/외롭 속상했/속상하 서러웠/서럽 힘들었/힘들 허전했/허전하 지쳤/지치
        눈물이_났/- 후회했/후회하 괴로웠/괴롭 서운했/서운하 아쉬웠/아쉽 마음이_아팠/- 울었/울 비참했/비참하
        그리웠/그립 미안했/미안하 무기력했/-
    """,
}
ENGLISH_FEELINGS: dict[str, str] = {
    "happiness": """
        happy joyful glad delighted cheerful proud grateful excited relieved content thankful loved amazing great
        wonderful blessed hopeful peaceful ecstatic good fantastic lucky
    """,
    "surprise": "surprised shocked astonished amazed stunned startled speechless puzzled baffled bewildered confused",
    "neutral": "okay fine normal average ordinary alright neutral so-so",
    "fear": """
        afraid scared terrified anxious nervous worried frightened panicky uneasy tense alarmed petrified stressed
        unsafe insecure
    """,
    "disgust": "disgusted grossed_out nauseous sickened revolted repulsed queasy creeped_out appalled",
    "anger": "angry mad furious annoyed irritated frustrated pissed_off outraged enraged fed_up livid",
    "sadness": """
        sad unhappy depressed lonely heartbroken miserable hopeless disappointed gloomy hurt down guilty ashamed
        empty tired exhausted homesick regretful devastated upset worthless
    """,
}

KOREAN_EVENTS: dict[str, str] = {
    "happiness": """
        장학금을 받았|칭찬을 들었|오랜 친구를 만나서 실컷 수다를 떨었|원하던 회사에 합격했|운동 기록을 깼|
        맛있는 걸 잔뜩 먹었|프로젝트가 잘 끝났|가족이랑 여행을 갔|보고 싶던 공연을 봤|자격증을 땄|승진했|
        푹 쉬어서 개운했|아이가 상을 받았|경기에서 이겼|꽃이 활짝 폈
    """,
    "surprise": """
        길에서 연예인을 봤|갑자기 비가 쏟아졌|모르는 번호로 축하 전화가 왔|지갑이 돌아왔|
        처음 보는 사람이 내 이름을 불렀|시험이 갑자기 미뤄졌|알고 보니 쌍둥이였|택배가 세 달 만에 왔|
        갑자기 정답이 떠올랐|선생님이 갑자기 그만두셨
    """,
    "neutral": """
        밥을 먹었|청소를 했|책을 읽었|운동을 했|수업을 들었|텔레비전을 봤|머리를 감았|은행에 다녀왔|장을 봤|
        커피를 마셨|산책을 했|일찍 잤|늦게 일어났|서류를 정리했|메일을 보냈|옷을 갈아입었|라면을 끓였|전철을 탔|
        숙제를 했|약을 먹었|날씨가 흐렸|사무실에 있었|유튜브를 봤|샤워를 했
    """,
    "fear": """
        귀신 꿈을 꿨|집에 도둑이 든 것 같았|건강 검진에서 재검이 나왔|해고 통보가 올까 봐 떨었|무대에 올라가야 했|
        낯선 남자가 쫓아왔|아이가 열이 안 떨어졌|빚을 못 갚을까 걱정했|지진이 났|높은 데 올라가서 다리가 후들거렸|
        면접을 앞두고 있었|혼날까 봐 숨었
    """,
    "disgust": """
        쓰레기 냄새가 진동했|변기가 막혀서 넘쳤|음식에서 파리가 나왔|누가 길에 토해 놨|상한 우유를 마셨|
        성희롱하는 걸 봤|입 냄새가 지독했|쥐가 부엌에 있었|아부하는 꼴을 봤|콧물이 손에 묻었|구더기가 있었|
        바람피운 얘기를 자랑했
    """,
    "anger": """
        친구랑 싸웠|누가 새치기를 했|내 말을 무시했|약속을 어겼|내 물건을 부쉈|거짓말을 들켰는데도 뻔뻔했|
        억지로 야근을 시켰|내 탓을 했|욕을 들었|사기를 당했|반말로 소리를 질렀|돈을 안 갚았|차별을 당했|
        뒤에서 내 욕을 했|잔소리를 계속했
    """,
    "sadness": """
        시험을 망쳤|남자친구랑 헤어졌|면접에서 떨어졌|강아지가 무지개다리를 건넜|혼자 밥을 먹었|친구가 이사를 갔|
        실수만 했|꿈을 포기했|장례식에 다녀왔|아무도 내 편이 아니었|몸이 아파서 누워만 있었|소중한 걸 잃어버렸|
        엄마가 보고 싶었|경기에서 졌|친구들이 나만 빼고 놀았
    """,
}
ENGLISH_EVENTS: dict[str, str] = {
    "happiness": """
        I got the job|I got promoted|we went to the beach|I passed my driving test|my friends came over|
        I beat my record|we ate the best pizza|I finally finished my thesis|my team won|he asked me to marry him|
        I slept so well|we had a great time|they gave me a scholarship|I made a new friend
    """,
    "surprise": """
        a stranger knew my name|the lights went out all of a sudden|I ran into my old teacher by chance|
        it snowed in May|my lost wallet came back in the mail|they suddenly called off the match|
        I found out that they are twins|a deer stood in our kitchen|nobody told me that the shop had closed|
        turns out we are related
    """,
    "neutral": """
        I watched TV|went for a walk|cooked rice|had a coffee|cleaned the kitchen|took a shower|paid the bills|
        did homework|went to class|bought bread|took the bus|fed the fish|sorted some papers|listened to a podcast|
        put gas in the car|slept until nine|worked from home|called the plumber|it was cloudy|charged my phone
    """,
    "fear": """
        someone was following me|I might lose my job|I have to speak in front of everyone|there was an earthquake|
        I heard steps in the dark|the doctor wants more tests|my kid has a high fever|I might fail the exam|
        the brakes did not work|I had a nightmare|I can't breathe when I think of tomorrow
    """,
    "disgust": """
        the toilet overflowed|a rat ran through the kitchen|someone puked on the bus|the meat was rotten|
        he picked his nose at dinner|the sink smelled like sewage|there were maggots in the trash|
        he groped someone at the bar|the fridge stank|a fly was in my soup
    """,
    "anger": """
        I had a fight with my friend|they lied to me|he blamed me for his mistake|someone stole my bike|
        they ignored me|my neighbour kept shouting|the driver cut me off|they broke their promise|she insulted me|
        he never listens|the refund was refused|they made me work overtime
    """,
    "sadness": """
        I failed the exam|we broke up|my dog died|nobody called me|I lost my job|I cried all night|I miss my mom|
        I was left out again|my friend moved away|I gave up on my dream|we lost the match|I went to the funeral|
        I was rejected|I messed everything up
    """,
}

# Events told with a negation: the denied word does not carry the mood.
KOREAN_DENIED: dict[str, str] = {
    "happiness": """
        오늘은 하나도 안 피곤했|이제 후회하지 않았|막히는 게 하나도 없었|실수를 한 번도 안 했|
        기침이 이제 안 나서 개운했|
        이보다 더 편할 수가 없었|생각만큼 어렵지 않았|모자란 게 없는 하루였|하나도 안 붐벼서 여유로웠|
        걱정할 게 하나도 없었|돈이 하나도 아깝지 않았|아무 문제도 없이 끝났|더 이상 빚이 없었|심심할 새가 없었
    """,
    "surprise": """
        꿈에도 몰랐|아무도 예상하지 못했|눈을 의심하지 않을 수 없었|말이 나오지 않았|있을 수 없는 일이 벌어졌|
        전혀 짐작도 못 했|알아보지 못할 만큼 변해 있었|기대도 안 했는데 당첨됐|이런 우연은 본 적이 없었|
        도무지 영문을 몰랐
    """,
    "neutral": """
        오늘은 커피를 안 마셨|회의가 없어서 서류만 정리했|버스를 안 타고 걸었|점심을 안 먹고 일찍 퇴근했|
        특별한 일은 없었|
        외출을 안 했|달라진 게 없었|텔레비전을 안 켰|덥지도 춥지도 않았|바쁘지도 한가하지도 않았|많지도 적지도 않았|
        숙제가 없어서 쉬었|수업이 없는 날이었|장을 안 봐서 라면을 끓였
    """,
    "fear": """
        손이 말을 안 들을 만큼 겁이 났|발이 안 떨어졌|문을 열 수가 없었|어떻게 될지 몰라서 가만히 있을 수가 없었|
        아이가 집에 안 들어와서 미칠 것 같았|불을 끄지 못했|무슨 병인지 알 수 없었|차마 확인을 못 했|
        심장이 진정되지 않았|잘못될까 봐 눈을 못 감았|비명도 못 질렀|혼자서는 못 들어가겠
    """,
    "disgust": """
        더러워서 만지지도 못했|역해서 삼킬 수가 없었|청소를 안 해서 벌레가 나왔|손을 안 닦고 음식을 만졌|
        찝찝해서 앉지도 못했|다시는 그 식당에 안 가기로 했|끔찍해서 차마 못 봤|양치도 안 하고 얼굴을 들이댔|
        상종도 하고 싶지 않았|아무도 쓰레기를 안 치웠
    """,
    "anger": """
        용서할 수가 없었|말이 안 통했|미안하다는 말도 안 했|차례를 안 지켰|책임을 지지 않았|일한 돈을 안 줬|
        도저히 이해가 안 됐|남 생각을 전혀 안 했|내 의견은 묻지도 않았|끝까지 인정하지 않았|한두 번이 아니었|
        양심이 없었|분이 안 풀렸|몇 달째 돈을 안 갚았
    """,
    "sadness": """
        아무도 내 생일을 기억하지 못했|아무도 말을 걸지 않았|밥이 안 넘어갔|할 수 있는 게 없었|아무 데도 갈 곳이 없었|
        반겨 주는 사람이 없었|더는 버틸 힘이 없었|이제 다시 볼 수 없게 됐|일어날 기운이 나지 않았|
        노력해도 나아지지 않았|자신이 없어졌|나를 찾는 사람이 한 명도 없었|되는 일이 하나도 없었|
        재미가 하나도 없었|끝내 합격하지 못했|작별 인사도 못 했
    """,
}
ENGLISH_DENIED: dict[str, str] = {
    "happiness": """
        nothing went wrong for once|I could not ask for more|I don't worry about money any longer|
        there was not a single cloud and we swam|I wasn't tired even after ten hours|nothing could ruin this day|
        I didn't make one mistake|my back doesn't hurt these days|couldn't help grinning|I don't regret a thing|
        it wasn't as hard as it looked|no more night shifts, finally|I have never eaten so well|not a minute was wasted
    """,
    "surprise": """
        I had no idea|nobody saw it coming|I would never have guessed|I did not see that coming|
        I couldn't trust my eyes|never seen anything like it|nobody told me they were married|
        I didn't recognise him, he has changed so much|no way|I never knew that she could sing|not in my wildest dreams
    """,
    "neutral": """
        I didn't cook, we ordered in|no meetings, so I sorted my mail|didn't take the bus, walked instead|
        nothing much happened|didn't go out|no news|not hot, not cold|not busy and not idle|
        I had no homework, so I rested|didn't watch TV|nothing new at work|no milk left, bought some
    """,
    "fear": """
        I can't go near the edge|I couldn't move|I don't know if he is alive|I can't calm down|
        couldn't open my eyes|no one knows what it is, the doctors neither|I didn't want to be alone in the dark|
        my heart wouldn't slow down|she hasn't come home and it is past midnight|I couldn't make a sound|
        I don't want to go back into that house
    """,
    "disgust": """
        couldn't swallow it|I won't touch that|nobody had cleaned it for months|I couldn't look at it|
        he didn't use soap after the toilet|he never brushes his teeth|it wasn't even cooked|can't bear him near me|
        not going back to that restaurant|I couldn't keep it down|nobody flushes here
    """,
    "anger": """
        I can't forgive this|he didn't even say sorry|they won't pay me|nobody asked for my opinion|
        she doesn't care about anyone else|he would not admit it|that is not fair|this is not acceptable|
        I will not be treated like this|they didn't bother to call|he wouldn't stop shouting|why can't they be quiet|
        I'm not going to take it anymore|they never clean up after themselves
    """,
    "sadness": """
        nobody remembered my birthday|no one talked to me|I had no one to tell|I don't see the point anymore|
        nothing I do is enough|I couldn't get out of bed|nobody asked how I was|I'll never see her again|
        I have no strength left|I wasn't invited|we don't talk anymore|they didn't choose me|
        nothing makes me laugh these days|he isn't coming back|couldn't hold back my tears
    """,
}

# Feelings that do not stop.
KOREAN_GOES_ON: dict[str, str] = {
    "happiness": "콧노래가 설렘이 두근거림이",
    "fear": "떨림이 불안이 두려움이 걱정이",
    "disgust": "헛구역질이 구역질이",
    "anger": "분노가 짜증이 화가",
    "sadness": "한숨이 슬픔이 그리움이 울음이",
}
ENGLISH_GOES_ON: dict[str, str] = {
    "happiness": "grinning singing dancing giggling humming",
    "fear": "trembling worrying panicking pacing",
    "disgust": "gagging retching",
    "anger": "cursing fuming yelling",
    "sadness": "sobbing weeping grieving blaming_myself",
}

KOREAN_WHEN = ["", "", "", "오늘 ", "오늘은 ", "아침부터 ", "하루 종일 ", "저녁에 ", "어제 ", "요즘 ", "회사에서 ",
                "학교에서 ", "집에 오는데 ",
                "혼자 있는데 ", "밤에 ", "방금 "]  # fmt: skip
KOREAN_HOW = ["", "", "", "진짜 ", "너무 ", "정말 ", "완전 ", "좀 ", "진짜 너무 ", "되게 ", "엄청 "]
KOREAN_END = ["다", "다.", "다.", "어", "어", "음", "네", "어요", "습니다.", "지", "다!", "어!!", "던 하루"]
KOREAN_INTERJECTION = {
    "sadness": " ㅠㅠ",
    "fear": " ㅠㅠ",
    "anger": " 아오",
    "happiness": " ㅎㅎ",
    "surprise": " 헐",
    "disgust": " 으",
}
ENGLISH_WHEN = ["", "", "", "today ", "this morning ", "all day ", "at work ", "at school ", "tonight ", "yesterday "]
ENGLISH_HOW = ["", "", "so ", "really ", "very ", "pretty ", "a bit ", "extremely ", "so so "]
ENGLISH_FELT = ["I feel ", "I felt ", "I was ", "I'm ", "feeling ", "it made me feel ", "makes me feel ", "I am "]
ENGLISH_END = ["", ".", ".", "!", "...", "!!"]

EMOJI: dict[str, str] = {
    "happiness": "😀😃😄😁😆😅🤣😂🙂😊😇🥰😍🤩😘😗😚😙😋😛😜🤪😝🤗🤭😎🥳😸😹😻💕💖💗💓💞💘💝❤🧡💛💚💙💜♥💟"
    "🎉🎊🥂🍰🎂🎁✨🌟⭐🌈☀🌞🌸🌷👍👏🙌🤟"
    "✌💪🙏🐶🐱🫶🥹💯🏆🎶🔥",
    "surprise": "😮😯😲😳🤯🙀❗❓⁉‼🫢😦",
    "neutral": "😐😑😶🤔🚌🏠📝🚶💤😴📖🍚☕🧺🧹",
    "fear": "😨😰😱😧😬🥶👻😖🫣😥🫨💀",
    "disgust": "🤢🤮😒🙄💩🤧😷🪳🐛👎🥴",
    "anger": "😠😡🤬😤👿💢🖕😾🗯",
    "sadness": "😢😭😞😔😟🙁☹😣😓😩😫🥺😿💔🥀🌧😪😕",
}

EMOTICONS: dict[str, str] = {
    "happiness": ":) :-) =) :d :-d ;) ;-) <3 ^^ ^_^ :p xd",
    "surprise": ":o :-o",
    "neutral": "",
    "fear": "",
    "disgust": "",
    "anger": ">:( -_-",
    "sadness": ":( :-( =( :'( ;( t_t ㅠ_ㅠ ㅜ_ㅜ",
}
