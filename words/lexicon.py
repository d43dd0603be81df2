"""A lexicon of mood, written by hand: a prior for words that are rare in internet comments.

Each hit is one feature among thousands (`lex:sadness`), and training learns its weight; a negated hit (`안 행복`, `not
happy`) is another feature. `FEELINGS` name a mood; `EVENTS` often bring one and have smaller weights. Korean entries
are beginnings of words, compared letter by letter (jamo): `슬ㅍ` matches 슬프다, 슬퍼서 and 슬펐어. `_` stands for a
space. English entries are whole words, or beginnings where they end in `*`. No entry was taken from the test lines in
`tests/data/diary_lines.tsv`.
"""

from __future__ import annotations

FEELINGS: dict[str, str] = {
    "happiness": """
        happy happi* joy* glad* delight* cheer* content contented pleased pleasant* pleasure* thrill* excit*
        ecstatic elated bliss* love loved loves loving lovely adore* grateful* gratitude thankful* thanks thank
        blessed lucky proud* relieved relief satisf* smile* smiling laugh* giggl* fun funny hilarious lol lmao
        haha* hehe* rofl yay* woohoo* yippee wonderful* amazing* awesome* fantastic* great greatest perfect*
        beautiful* brilliant excellent fabulous incredible superb enjoy* cozy comfy hopeful* optimistic peaceful
        sweet sweetest best congrat* celebrat* cute* nice nicest good better stoked psyched hyped pumped refreshed
        rewarding heartwarming overjoyed euphoric 행복 기ㅃ 기쁨 기뿌 즐거 즐겁 즐기 신나 신났 신난 신남 좋 조아
        조앗 조타 사랑 고마 고맙 감사 감동 감격 뿌듯 흐뭇 설레 설렌 설렘 설렜 재밌 재미있 재밋 잼있 꿀잼 웃 웃음
        미소 흥겨 흥겹 유쾌 상쾌 통쾌 반가 반갑 다행 안심 안도 만족 보람 자랑스 축하 최고 짱 예쁘 예뻐 예뻤 이쁘
        이뻐 귀여 귀엽 사랑스 멋지 멋져 멋졌 훈훈 따뜻 포근 아늑 편안 홀가분 후련 개운 황홀 환상적 완벽 힐링 행운
        벅차 벅찼 들뜨 들떠 기대ㄷ 희망 야호 아싸 앗싸 만세 맛있 맛나 꿀맛 존맛 킹왕짱 개이득 쩐다 오예 히히 헤헤
        ㅎㅎ ㅋㅋ
    """,
    "surprise": """
        surpris* shock* astonish* amaze* amazed astound* stunned startl* wow* whoa* woah* omg* gosh unexpected*
        unbelievable unbelievably speechless gasp* jaw sudden suddenly wait_what disbelief dumbfounded
        flabbergasted bewilder* mindblown unreal surreal baffl* puzzl* confus* curious wonder* strange* weird*
        twist revelation 놀라 놀랐 놀란 놀람 놀랍 놀래 깜짝 충격 경악 헐 헉 헛 허걱 대박 어머 어머나 세상에 맙소사
        갑자기 뜻밖 예상_밖 예상치 상상도_못 믿기지 믿을_수 실화 설마 우와 우아 와우 오잉 웬일 웬걸 난데없 느닷없
        당황 당혹 황당 얼떨 어안이 기절초풍 의외 반전 신기 이럴_수가 이럴수가 뭐라고 궁금 어리둥절 말문이
    """,
    "neutral": """
        okay ok fine usual usually ordinary normal regular routine average typical so-so meh nothing_much
        uneventful whatever alright 평범 평소 보통 그냥 그저 그럭저럭 무난 별일 일상 일과 평상시 똑같 여느 심심
        딱히 평온 잔잔 담담 덤덤 무덤덤 무탈
    """,
    "fear": """
        afraid fear* scare* scary scared terrif* terror* horrif* horror* panic* anxi* nervous* worr* dread*
        frighten* fright creep* creepy uneasy unease tense tension stress* apprehens* alarm* threat* danger* unsafe
        nightmare* trembl* shak* petrified paranoi* phobia* insecure overwhelm* desperate helpless haunted jitter*
        freaking_out freaked spooky 무서 무섭 무셔 두려 두렵 겁 겁나 겁났 공포 불안 걱정 근심 염려 초조 긴장 떨려
        떨렸 떨리 떨린 조마조마 조바심 안절부절 섬뜩 소름 오싹 으스스 악몽 위험 위협 살려 큰일 어떡하 어떡해
        어떡하지 어쩌지 어쩌나 어쩌면_좋 막막 아찔 철렁 가슴이_철렁 심장이_쿵 식은땀 부담 압박 스트레스 쫄 쫄려
        쫄았 ㄷㄷ ㅎㄷㄷ 덜덜 후덜덜 벌벌 패닉 질겁 기겁 끔찍 잠이_안 노심초사
    """,
    "disgust": """
        disgust* gross grossed grossest nasty nastiest revolt* repuls* vomit* puke* puking barf* nause* sicken*
        sickening yuck* eww* ew ugh_gross filth* dirty foul stink* stinky stench smelly rotten rancid mold* mould*
        moldy slimy vile icky loath* detest* abhor* despic* creep creeps pervert* perv hideous putrid cringe*
        cringy toxic trash scum 역겨 역겹 역하 징그러 징그럽 징글 더러 더럽 드러워 혐오 구역질 구토 토나 토할 토_나
        토가 메스꺼 메슥 비위 꺼림칙 찝찝 찜찜 불쾌 불결 지저분 추잡 추하 추악 악취 구린 구려 고약 냄새나 냄새_나
        썩 곰팡 벌레 바퀴벌레 구더기 쓰레기 우웩 웩 우엑 극혐 핵혐 밥맛 진절머리 치가_떨 질색 넌더리 오글 느끼 싫
        시러 실타 꼴보기 꼴_보기 꼴불견 정떨 정이_떨 변태 가증 한심 비열 치사 경멸 환멸 재수없 재수_없 쌍스
    """,
    "anger": """
        angry anger angri* mad madder furious fury rage raging outrag* irritat* annoy* frustrat* pissed infuriat*
        enraged livid resent* bitter hate hates hated hateful hating hatred fuck* fck* wtf damn* bullshit bs
        asshole* idiot* stupid* dumb moron* jerk bastard* bitch* unfair* ridiculous unacceptable rude* disrespect*
        insult* offend* offens* shut_up fed_up sick_of fuming seething aggravat* hostile yell* scream* argue*
        arguing argument* ugh* argh* grr* liar* betray* 화나 화났 화난 화남 화내 화냈 화가 분노 분하 분해 분했 열받
        열_받 빡치 빡쳐 빡쳤 빡친 빡침 짜증 짱나 짱남 쨔증 성질 성나 격분 격노 울화 울컥 어이없 어이가 어처구니
        기가_막 기막 기가_차 괘씸 얄미 얄밉 밉 미워 미웠 증오 원망 억울 답답 속터 속이_터 속_터 부글 폭발 미친놈
        미친_놈 새끼 씨발 시발 ㅅㅂ ㅆㅂ 씨바 젠장 제기랄 지랄 ㅈㄹ 개새 개같 엿같 병신 ㅂㅅ 꺼져 닥쳐 못_참 못참
        참을_수 무시 모욕 욕설 거슬 신경질 따지 따졌 불만 불평 항의 뻔뻔 건방 무례 싸가지 너무하 너무했 지긋지긋
        열불 빡 킹받 뒷담 약올 성가 귀찮
    """,
    "sadness": """
        sad* sadden* unhappy depress* miser* heartbr* cry* cried tear* teary sob* grief griev* mourn* lonel* alone
        lonesome miss missed missing lost hopeless* despair* gloom* melanchol* disappoint* regret* sorry remorse*
        guilt* ashamed shame* embarrass* hurt* pain* ache* aching tired exhaust* drained empty* numb worthless*
        useless broken crushed devastat* down upset homesick pity tragic tragedy unfortunate* blue low pathetic
        rejected abandoned isolated discouraged dishearten* burnout burned_out 슬ㅍ 슬픔 우울 울었 울고 울다 울었다
        울어 운다 우는 눈물 서러 서럽 서운 섭섭 속상 외로 외롭 쓸쓸 허전 허무 공허 허탈 그리워 그리웠 그립 그리운
        보고_싶 보고싶 아프 아파 아팠 아픈 마음이_아 가슴이_아 맘아 힘들 힘든 힘들었 힘드 지치 지쳐 지쳤 지친 피곤
        괴로 괴롭 고통 절망 좌절 실망 낙담 낙심 포기 후회 미안 죄송 죄책 자책 아쉬 아쉽 안타까 안타깝 불쌍 가엾
        가여 비참 처참 처량 서글 애통 비통 침울 침통 암울 먹먹 막막 울적 무기력 의욕 현타 자괴 자존감 상처 상실
        그만두고 죽고_싶 죽고싶 사라지고 버거 버겁 고달 고단 기운이_없 기운_없 우중충 ㅠ ㅠㅠ ㅜㅜ 흑흑 엉엉 훌쩍
        쓰라 부끄 창피
    """,
}

EVENTS: dict[str, str] = {
    "happiness": """
        won win wins winning victory promoted promotion raise bonus hired engaged wedding married birthday party
        holiday* vacation* gift gifts present presents surprise_party graduated graduation passed accepted reunion
        hug* hugged kiss* friend friends puppy kitten sunshine beach success* succeed* achiev* accomplish* recover*
        healed payday weekend dessert cake delicious tasty yummy concert 합격 성공 승진 취업 취직 당첨 우승 이겼
        이김 승리 생일 선물 여행 휴가 방학 소풍 파티 데이트 결혼 졸업 입학 칭찬 상_받 상을_받 월급 보너스 용돈
        콘서트 공연 맛집 케이크 치킨 강아지 고양이 아기 첫눈 벚꽃 무지개 바다 캠핑 드디어 해냈 해냄 성적_올 나았
        완치 회복 건강해 포옹 친구들이랑 친구들과 득템
    """,
    "surprise": """
        turns_out turned_out out_of_nowhere no_idea had_no never_expected didn't_expect can't_believe
        cannot_believe coincidence* 알고_보니 알고보니 우연히 처음_알 생각지도 생각도_못 꿈에도 몰래 이제야_알
        그랬다니 였다니 이라니
    """,
    "neutral": """
        grocer* laundry dishes commute* bus train meeting errands breakfast lunch dinner appointment schedule
        cleaned 출근 퇴근 등교 하교 회의 수업 강의 점심 저녁 아침 빨래 청소 설거지 장_보 장보 마트 버스 지하철
        도서관 먹었 마셨 잤 일어났 갔다 다녀왔 씻고 정리
    """,
    "fear": """
        surgery hospital diagnos* biopsy interview exam exams deadline* presentation storm earthquake dark robbed
        burglar* followed stalk* ghost* layoff* lawsuit crash* ambulance 수술 병원 검사_결과 면접 시험 발표 마감
        지진 태풍 천둥 번개 귀신 도둑 미행 스토킹 정리해고 해고 사고 응급 구급차 불이_났 불났 잃어버리 혼날 들킬
        들키
    """,
    "disgust": """
        cockroach* roach* maggot* rat rats sewer toilet* urine poop shit* spit* snot sweat* puddle_of garbage
        harass* molest* groped leer* racist* sexist* bigot* cheater 하수구 화장실 똥 오줌 침_뱉 침을_뱉 가래 콧물
        땀내 땀냄새 성희롱 성추행 추행 바람_피 바람피 불륜 위선 아부 양다리 머리카락
    """,
    "anger": """
        lied lying cheated stole stolen steal* blamed blame* ignored late rudely cut_in interrupted broke_my noisy
        noise scam* ripped_off overcharged unfairly bully* bullied mocked fight fought quarrel* boss landlord 싸웠
        싸움 싸우 싸워 다퉜 다투 거짓말 속았 속였 사기 훔치 훔쳐 새치기 층간소음 소음 욕을 욕했 혼났 혼나 갑질 진상
        떠넘 약속을_어 잔소리 차별 배신 소리_지 소리를_지 늦게_와 바람맞 환불
    """,
    "sadness": """
        died dies death dead funeral passed_away broke_up breakup divorce* dumped failed fail fails failure
        rejected rejection sick ill illness cancer goodbye farewell lost_my fired unemployed ghosted left_me
        cancelled 죽었 죽음 돌아가 장례 이별 헤어지 헤어졌 헤어진 차였 차임 이혼 떨어졌 떨어짐 불합격 탈락 실패
        망했 망침 망쳤 망함 잃었 잃어버렸 아팠 암_진단 떠났 떠나보 보냈 작별 실직 짤렸 잘렸 외톨이 왕따 따돌림 혼자
        성적_떨 꼴찌 몸살 감기 입원
    """,
}

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
