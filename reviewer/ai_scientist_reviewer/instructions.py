"""Sentences that speak to whoever judges the paper. A paper may discuss such sentences: a match is no verdict."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

INVISIBLE = re.compile("[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\U000e0000-\U000e007f\U000e0100-\U000e01ef]")  # fmt: skip
"""Zero-width, direction and tag characters, variation selectors, fillers: none of them leaves ink."""
REMOVED = "[a sentence addressed to reviewers was removed here]"
"""What a model is shown in place of one."""
_LOOKALIKES = str.maketrans(
    "аеорсухіѕјһԁԛԝАВЕКМНОРСТХУІЅЈαορνιτκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxisjhdqwABEKMHOPCTXYISJaopvitkABEZHIKMNOPTYX"
)
_MIXED = re.compile(r"\w*[a-zA-Z]\w*")

ENGLISH = (
    r"\b(ignore|disregard|forget|override)\b.{0,30}\b(previous|prior|above|earlier|other|all|your)\b.{0,30}"
    r"\b(instruction|prompt|guideline|direction)s?",
    r"\b(give|write|provide|produce|output|submit|generate)\b.{0,30}\b(positive|favou?rable|glowing|strong)\b"
    r"(,?\s+(?!for\b)[\w-]+){0,3}\s+reviews?\b",
    r"\b(do not|don't|never|avoid)\b.{0,30}\b(mention|highlight|discuss|report|list|point out|raise|say)\w*\b"
    r".{0,40}\b(negatives?|weakness\w*|limitations?|flaws?|criticisms?|anything negative)\b",
    r"\b(recommend|suggest|vote for|decide on)\b.{0,20}\b(strong )?accept(ance|ing)?\b",
    r"\b(rate|score|grade|give)\b.{0,20}\b(this|the) (paper|manuscript|submission|work)\b.{0,40}"
    r"\b(10|highest|maximum|strong accept|full marks|top)\b",
    r"\b(AI|LLM|large language model|language model|automated)[- ]?(based )?(peer )?(reviewers?|referees?)\b.{0,60}"
    r"\b(must|should|shall|please|note|attention)\b",
    r"\b(if you are|as|to|attention|note to)\b.{0,12}\b(an? |the |all )?(AI|LLM|(large )?language model)s?"
    r"[- ]?(based )?(reviewers?|referees?|review(ing)?)\b",
    r"\b(reviewers?|referees?|LLMs?|language models?)\b.{0,15}\b(must|should|are instructed to|shall)\b.{0,20}"
    r"\b(accept|recommend|praise|score|rate|assign)\b",
    r"\b(you (must|should|will|shall)|please|be sure to)\b.{0,20}\baccept\b.{0,12}\b(paper|manuscript|submission|work)\b",
    r"<\|?(im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<</?SYS>>",
)  # fmt: skip
OTHERS = (
    # German
    r"\b(ignorier|missacht|vergiss|vergesse)\w*\b.{0,40}\b(anweisung|instruktion|vorgabe)\w*",
    r"\b(gib|geben|gebt|schreib|verfass|erstell)\w*\b.{0,40}\b(positiv|günstig|wohlwollend|gut)\w*\b.{0,20}\b(gutachten|bewertung|rezension|beurteilung|review)",
    r"\b(empfehl|empfiehl)\w*\b.{0,30}\bannahme\b",
    # French
    r"\b(ignore|oublie|néglige)[rz]?\b.{0,40}\b(instruction|consigne|directive)s?",
    r"\b(donne|rédige|écri|fourni|rend)\w*\b.{0,40}\b(évaluation|critique|rapport|avis|relecture|note)s?\b.{0,20}\b(positi|favorable|élogieu|maximale)\w*",
    # Spanish, Portuguese, Italian
    r"\b(ignor|olvid|descart|esqueç|desconsider|dimentic)\w*\b.{0,40}\b(instruccion|indicacion|instruç|istruzion)\w*",
    r"\b(da|dé|den|escrib|proporcion|redact|emit|dê|escreva|forneça|faça|dai|date|scriv|fornisc)\w*\b.{0,40}\b(reseña|evaluación|revisión|dictamen|avaliação|revisão|parecer|recensione|valutazione|revisione)\b.{0,20}\b(positiv|favorable|favoráve|favorevol)\w*",
    # Russian
    r"(игнорир|забудь|не обращай)\w*.{0,40}(инструкц|указани)\w+",
    r"(дай|напиши|предостав|выстав|постав)\w*.{0,40}(положительн|благоприятн|высок)\w+.{0,20}(отзыв|рецензи|оценк)\w*",
    # Chinese
    r"(忽略|无视|忽视|忽視|無視).{0,12}(指令|指示|说明|說明|提示)",
    r"(给出|给予|给|给这|撰写|提供|写|給出|給予|撰寫).{0,12}(正面|积极|積極|好评|好評|肯定|高分|高度).{0,8}(评审|评价|评论|审稿|意见|分数|评分|評審|評價|評論|審稿|意見)",
    r"(不要|请勿|切勿|請勿).{0,10}(提及|指出|提到|强调|強調).{0,12}(缺点|不足|弱点|缺陷|负面|缺點|弱點|負面)",
    # Japanese, Korean
    r"(指示|命令|プロンプト).{0,10}(無視|忘れ)",
    r"(肯定的|好意的|ポジティブ|高い).{0,12}(評価|査読|レビュー).{0,12}(して|書い|与え|出力|ください)",
    r"(지시|명령|프롬프트).{0,10}(무시|잊)",
    r"(긍정적|호의적|높은).{0,12}(리뷰|심사|평가|점수).{0,15}(하|작성|주|써)",
)  # fmt: skip
INSTRUCTIONS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*ENGLISH, *OTHERS))


def addressed_to_reviewers(text: str) -> Iterator[re.Match[str]]:
    """Where the text speaks to whoever judges it; look-alikes of Latin letters count as these."""
    plain = folded(text)
    for pattern in INSTRUCTIONS:
        yield from pattern.finditer(plain)


def speaks(text: str) -> bool:
    return next(addressed_to_reviewers(INVISIBLE.sub("", text)), None) is not None


def folded(text: str) -> str:
    """The text with as many characters, in their plainest form: full-width and mathematical letters, and look-alikes that stand
    within words of Latin letters."""
    plain = "".join(one if len(one := unicodedata.normalize("NFKC", char)) == 1 else char for char in text)
    return _MIXED.sub(lambda match: match.group().translate(_LOOKALIKES), plain)
