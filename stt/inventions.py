"""Phrases that Whisper writes where nobody speaks: it learnt from subtitles.

stt/guards.py compares them without spaces, punctuation and case.
"""

from __future__ import annotations

# Nobody says these to a diary.
SUBTITLES = """
    시청해 주셔서 감사합니다
    시청해 주신 여러분 감사합니다
    들어 주셔서 감사합니다
    구독과 좋아요
    좋아요와 구독
    구독 좋아요 알림 설정
    구독 부탁드립니다
    다음 영상에서 만나요
    다음 영상에서 뵙겠습니다
    다음 시간에 만나요
    다음 시간에 뵙겠습니다
    한글 자막 by
    자막 제공
    자막 by 한효정
    MBC 뉴스 이덕영입니다
    MBC 뉴스 김수영입니다
    KBS 뉴스 김재경입니다
    YTN 뉴스입니다
    이 시각 세계였습니다
    thanks for watching
    thank you for watching
    thank you so much for watching
    thank you for listening
    please subscribe
    like and subscribe
    subscribe to my channel
    don't forget to subscribe
    see you in the next video
    I'll see you next time
    subtitles by
    subtitles by the amara org community
    transcribed by
    transcription by castingwords
    captions by
    copyright all rights reserved
""".strip().splitlines()
# People do say these; they count as made up only where the model is unsure of them.
SHORT = """
    감사합니다 | 고맙습니다 | 안녕하세요 | 네 | 예 | 응 | 아 | 어 | 음 | 오 | 으 | 하 | 후 | 흠 | 아멘
    뉴스 | MBC 뉴스 | 한국어 | 배달의민족
    thank you | thanks | bye | bye bye | you | okay | oh | hmm | mm | ah | ha | uh | um | so | the | yeah | I
    music | applause
""".replace("\n", "|").split("|")
