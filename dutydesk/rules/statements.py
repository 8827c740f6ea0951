"""Reads a prepared narrative sentence by sentence: every number bound to what happened to those people."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from dutydesk.rules import patterns as p
from dutydesk.rules.clauses import clause_around, clause_start, place_told
from dutydesk.rules.denials import counts_unknown, denials
from dutydesk.rules.said import How, Statement, What
from dutydesk.rules.wording import BLANK
from dutydesk.rules.words import Word, words_of

_TIGHT = re.compile(
    r"(?:人数|人员|者|员|的|人|有|共|计|为|是|约|大约|大概|将近|近|超过|超|逾|至少|不少于|达|到|已|经|了|在|：|（|上升|增加|增|升|攀升|扩大|至|"
    r"起码|得有|总共|一|合计|累计|初步|统计|目前|现|仍|还|尚|好像|可能|疑似|起|得|倒|住|着|过|另外|另|又|群众|居民|村民|工人|乘客|旅客|游客|"
    r"学生|师生|教师|职工|员工|驾乘|司乘|住户|商户|商家|业主|市民|老人|儿童|小孩|娃儿|民工|作业|施工|船员|矿工|顾客|消费者|伤员|周边|附近|"
    r"下风向|周围|沿线|沿江|及|和|与|受灾|其|各类|等|里头|里面|这|那|儿|下面|底下|更正|修正|调整|核实|变更|改|应该|应|实际|实)*+"
)
_JOIN = re.compile(r"(?:名|位|个)?[^，。；、\d]{0,6}(?:和|及|与|以及|还有|跟|加上?|、)[^，。；、\d]{0,4}$")
DESCRIBED_IN = 3
"""How many clauses may describe somebody before it is said that they died."""
LONGEST_LIST = 24
"""How many words a list of people is followed through: 一个孕妇、两个老人、三个娃娃."""

_INSIDE = re.compile(r"里头|里面|里|内|车上|船上|上面|下面|底下|井下|屋头|家头")
_THEN_SAVED = re.compile(
    r"(?:目前|现在|现场|现|随后|后|且|均|都|已经?|被|成功|安全|顺利|及时|消防)*(?:已经?|被|成功|安全|顺利)+"
)
_THEN_DIED = re.compile(
    r"(?:但|后|随后|已经?|致使?其|导致其|造成其|打捞|捞起|上岸|出水|抬出来?|被?找到|被发现|经|送医|送往|医院|途中|抢救|全力|无效|不幸|当场|因|伤势过重|医治|救治|被|确认|宣布|在|的|时|到场|急救人员|医护人员|医生|现场)*+"
)
_ITS_END = re.compile(r"(?:致|致使|导致|造成)(?:其|他|她|人)(?:当场|不幸|经抢救无效)*$")
_CLAUSE_ENDS = re.compile(r"^(?:出来|上岸|送医|了)*(?:[，（）]|$)")
_AFTER_CARE = re.compile(r"抢救无效|医治无效|救治无效|送医|不治|途中|医院")


def statements(text: str) -> list[Statement]:
    """What ``text`` (made ready by :func:`dutydesk.rules.wording.prepared`) states, in its order."""
    found: list[Statement] = []
    for number, sentence in enumerate(part for part in re.split(r"[。；！？\n]", text) if part):
        found += _Sentence(sentence, number, found).read()
    return found


class _Sentence:
    """Reads one sentence: first what is denied or not known, then every number with its word."""

    def __init__(self, text: str, number: int, before: list[Statement]) -> None:
        self.text = text
        self.number = number
        self.before = before
        self.found: list[tuple[int, Statement]] = []

    def read(self) -> list[Statement]:
        """The statements of the sentence, in their order."""
        self.text, found = denials(self.text)
        words = words_of(self.text)
        self._bind(words)
        self._all_of_them(words)
        found += counts_unknown(self.text, words)
        for at, statement in found:
            self._note(at, statement)
        return [statement for _, statement in sorted(self.found, key=lambda entry: entry[0])]

    def _bind(self, words: list[Word]) -> None:
        """Gives each number its word, from left to right."""
        among = ""
        carried = 0.0
        depth_among = ""
        for place, word in enumerate(words):
            if word.mark in ("among", "including", "rest"):
                among = word.mark
            elif word.mark == "，" and among == "including":
                among = ""  # 包括 lists in its own clause; 其中 holds to the end of the sentence
            elif word.mark == "（":
                depth_among, among = among, "among"
            elif word.mark == "）":
                among = depth_among
            if word.what is not None or word.mark:
                continue
            taken = [other for other in words if other.used]
            kinds, joined = self._kinds_of(words, place)
            lead = self._lead(words, place)
            if re.search(r"另外?|此外|共", lead) and among == "among":
                among = ""
            if joined:
                carried += word.value
                continue
            listed = () if kinds else self._listed_with(words, place)
            kinds = kinds or listed or self._kind_from_around(words, place, lead)
            if self._is_force(words, place, kinds):
                for other in words:
                    other.used = any(other is before for before in taken)
                carried = 0.0
                continue
            for kind in kinds:
                self._note(
                    word.start,
                    Statement(
                        kind,
                        How.NUMBER,
                        word.value + carried,
                        among=among in ("among", "including"),
                        more=bool(listed or p.MORE_COME.search(lead)),
                        still=among == "rest"
                        or bool(p.STILL.search(lead))
                        or self.text.startswith(("仍", "还", "尚"), word.end),
                        total=bool(p.TOTAL.search(lead) or p.CORRECTED.search(lead)),
                        after_care=bool(_AFTER_CARE.search(clause_around(self.text, word.start))),
                        place=lead,
                        where=place_told(self.text, word.start),
                    ),
                )
            carried = 0.0

    def _kinds_of(self, words: list[Word], place: int) -> tuple[tuple[What, ...], bool]:
        """What happened to the people of the number at ``place``, and whether it only adds to the next."""
        word = words[place]
        left = self._left(words, place)
        if left is not None and _TIGHT.fullmatch(self.text[left.end : word.start].replace(BLANK, "")):
            left.used = True
            if left.what is What.RESCUED and any(w.what is What.DEATHS for w in self._right(words, place)):
                return (What.RESCUED, What.DEATHS), False  # 搜救出的3人均已死亡
            if left.what is What.INJURED and (dead := self._died_of_it(words, place)) is not None:
                dead.used = True
                return (What.DEATHS,), False  # 砸中1名工人致其死亡
            return (left.what,) if left.what else (), False
        right = self._right(words, place)
        if right:
            for other in right:
                other.used = True
            return _strongest(tuple(other.what for other in right if other.what)), False
        after = next((other for other in words[place + 1 :] if other.mark != "、"), None)
        if after is not None and not after.mark and after.what is None:
            between = self.text[word.end : after.start]
            if _JOIN.fullmatch(between) and self._says_what(words, words.index(after)):
                return (), True
        if left is not None and word.start - left.end <= 18:
            left.used = True
            return (left.what,) if left.what else (), False
        return (), False

    def _died_of_it(self, words: list[Word], place: int) -> Word | None:
        """The word for the death of those at ``place`` where it is the next said of them: 致其死亡."""
        dead = next(iter(self._right(words, place)), None)
        if dead is None or dead.what is not What.DEATHS:
            return None
        return dead if _ITS_END.search(self.text[words[place].end : dead.start]) else None

    def _says_what(self, words: list[Word], place: int) -> bool:
        """Whether the number at ``place``, or the last of those listed with it, has its word after it."""
        for at in range(place, min(place + LONGEST_LIST, len(words))):
            if words[at].mark == "、":
                continue
            if self._right(words, at):
                return True
            after = next((other for other in words[at + 1 : at + 3] if other.mark != "、"), None)
            if after is None or after.mark or after.what is not None:
                return self._next_clause(words, at) is not None
            if not _JOIN.fullmatch(self.text[words[at].end : after.start]):
                return False
        return False

    def _listed_with(self, words: list[Word], place: int) -> tuple[What, ...]:
        """转移老人43名、护工6名: what was said of the number before it in the list."""
        if place < 2 or words[place - 1].mark != "、":
            return ()
        before = words[place - 2]
        between = self.text[before.end : words[place].start]
        if before.mark or before.what is not None or not _JOIN.fullmatch(between):
            return ()
        return tuple(one.what for at, one in self.found if at == before.start and one.how is How.NUMBER)[:1]

    def _said_of_counted(self, words: list[Word], place: int) -> bool:
        """救出来两个，都死了: the word speaks of people counted before it, and of none that come after."""
        return (
            place > 0
            and words[place - 1].mark == "all"
            and any(other.what is None and not other.mark for other in words[:place])
        )

    def _left(self, words: list[Word], place: int) -> Word | None:
        """The word before, in the same clause, that no other number took."""
        for other in reversed(words[:place]):
            if other.mark in ("，", "、", "）", "among", "rest"):
                return None
            if other.mark:
                continue
            if other.what is None:
                return None
            return None if other.used else other
        return None

    def _right(self, words: list[Word], place: int) -> list[Word]:
        """The words after, in the same clause, up to the next number."""
        right: list[Word] = []
        for position, other in enumerate(words[place + 1 :], place + 1):
            if other.mark == "all":
                continue
            if other.mark or other.what is None:
                break
            following = words[position + 1] if position + 1 < len(words) else None
            if (
                right
                and following is not None
                and following.what is None
                and not following.mark
                and _TIGHT.fullmatch(self.text[other.end : following.start])
            ):
                break  # it belongs to the number that follows it: 3人死亡失踪2人
            right.append(other)
        return right

    def _kind_from_around(self, words: list[Word], place: int, lead: str) -> tuple[What, ...]:
        """For a number with no word of its own: the clause before or after has one, or it corrects."""
        word = words[place]
        clause = clause_around(self.text, word.start)
        if p.CORRECTED.search(lead):
            pending = [other for other in words[:place] if other.what is not None and not other.used]
            if pending and pending[-1].what:
                pending[-1].used = True
                return (pending[-1].what,)
            last = self._last_number()
            return (last.what,) if last else ()
        following = self._next_clause(words, place)
        if following is not None:
            following.used = True
            return (following.what,) if following.what else ()
        earlier = [
            other
            for at, other in enumerate(words[:place])
            if other.what is not None and not other.used and not self._said_of_counted(words, at)
        ]
        only_number = re.fullmatch(
            r"(?:一?共|总共|共计|大概|大约|约|有|好像|可能|怕|里头|里面|车内|车里|轿厢内|屋头|屋里|内|人数|现场|是|为|目前|得|至少|起码|左右|"
            r"到|达|已|都|关|着|数|我们|我|还有|就)*+",
            lead.replace(BLANK, ""),
        )
        if earlier and earlier[-1].what and only_number and earlier[-1].what is not What.RESCUED:
            earlier[-1].used = True
            return (earlier[-1].what,)
        if _INSIDE.search(clause) and re.search(p.TRAPPED, self.text):
            trapped = [other for other in words if other.what is What.TRAPPED and not other.used]
            if trapped:
                trapped[0].used = True
                return (What.TRAPPED,)
        return ()

    def _next_clause(self, words: list[Word], place: int) -> Word | None:
        """The word that opens the next clause and speaks of the number at ``place``: 3个人，都出不来."""
        rest = words[place + 1 :]
        stops = [other for other in rest if other.mark in ("，", "：")]
        if not stops or any(other.what is None and not other.mark for other in rest[: rest.index(stops[0])]):
            return None
        after = rest[rest.index(stops[0]) + 1 :]
        opening = next((other for other in after if other.mark != "all"), None)
        if opening is not None and opening.mark == "，":
            return self._found_dead_later(after)
        if opening is None or opening.what is None:
            return None
        between = self.text[stops[0].end : opening.start]
        if not re.fullmatch(
            r"(?:都是|都|全部|全|均|已经?|现在|现|至今|目前|还|仍|正|遭|被|其|人|一直|就|在里[头面]|在下面|下去|进去|后|就|也|不幸|当场|经抢救)*",
            between,
        ) and not (opening.what is What.DEATHS and _THEN_DIED.fullmatch(between.replace(BLANK, ""))):
            return None
        later = after[after.index(opening) + 1 :]
        own = next((other for other in later if other.mark or other.what is None), None)
        if own is not None and not own.mark and _TIGHT.fullmatch(self.text[opening.end : own.start]):
            return None
        return opening

    def _found_dead_later(self, after: list[Word]) -> Word | None:
        """The death of one who was only described meanwhile: 1名工人坠落，男，45岁，到场时已无生命体征."""
        spoken = [other for other in after if other.mark != "all"]
        told = list(takewhile(lambda other: other.mark == "，", spoken))
        dead = next(iter(spoken[len(told) :]), None)
        if dead is None or dead.what is not What.DEATHS or len(told) > DESCRIBED_IN:
            return None
        opens = self.text[told[-1].end : dead.start].replace(BLANK, "")
        return dead if _THEN_DIED.fullmatch(opens) and _CLAUSE_ENDS.match(self.text[dead.end :]) else None

    def _is_force(self, words: list[Word], place: int, kinds: tuple[What, ...]) -> bool:
        """Whether the number counts those who came to help."""
        word = words[place]
        before = self.text[clause_start(self.text, word.start) : word.start]
        after = self.text[word.end : word.end + 14].split("，")[0]
        right = self._next_word(words, place)
        hurt = {What.DEATHS, What.INJURED, What.SERIOUS, What.MISSING, What.TRAPPED, What.LIGHT}
        close = right is not None and right.what in hurt and right.start - word.end <= 8
        if close and not p.FORCE_VERB.search(before):
            return False
        noun = p.FORCE_NOUN.match(after.lstrip("余多的")) or re.search(
            rf"(?:{p.FORCE_NOUN.pattern})(?:共|约|等|计)*$", before
        )
        if noun and not (kinds and kinds[0] in hurt and close):
            return True
        if p.FORCE_VERB.search(before) and not any(kind in hurt for kind in kinds[:1] if close):
            return not re.search(r"(?:疏散|转移|撤离|受伤|死亡)[^，]{0,8}$", before)
        return bool(not kinds and p.FORCE_AFTER.match(after))

    def _next_word(self, words: list[Word], place: int) -> Word | None:
        return next((other for other in words[place + 1 :] if other.mark != "all"), None)

    def _all_of_them(self, words: list[Word]) -> None:
        """均已送医, 全部救出: said of those just named, with no number of its own."""
        for place, word in enumerate(words):
            if word.mark != "all":
                continue
            opening = next((other for other in words[place + 1 :] if not other.mark), None)
            if opening is None or opening.what is None or opening.used:
                continue
            if not re.fullmatch(
                r"(?:部|已经?|被|不幸|当场|安全|成功|经抢救|都|得到|已全部|妥善|及时|送|部已?)*",
                self.text[word.end : opening.start],
            ):
                continue
            subject = [
                other
                for other in words[:place]
                if other.what is not None and other.start >= clause_start(self.text, word.start)
            ]
            subject_kind = next((other.what for other in reversed(subject) if not other.used), None)
            opening.used = True
            self._note(
                word.start, Statement(opening.what, How.ALL, place=subject_kind.value if subject_kind else "")
            )
        self._afterwards(words)
        for match in re.finditer(
            r"(?:被困|受困)(?:人员|群众|者|乘客|工人|居民)?(?:已经?|被|安全|成功)+(?:救出|获救|解救|脱困|脱险|营救)",
            self.text,
        ):
            if not re.search(r"[\d一二两三四五六七八九十]", match[0]):
                self._note(match.start(), Statement(What.RESCUED, How.ALL, place="trapped"))

    def _afterwards(self, words: list[Word]) -> None:
        """A clause of its own says what became of those just named: 2人被困，已救出；1人受伤，送医后死亡。"""
        for word in words:
            if word.used or word.what not in (What.RESCUED, What.DEATHS, What.INJURED):
                continue
            start = clause_start(self.text, word.start)
            before = self.text[start : word.start]
            opens = _THEN_DIED if word.what is What.DEATHS else _THEN_SAVED
            if start > 0 and opens.fullmatch(before) and _CLAUSE_ENDS.match(self.text[word.end :]):
                word.used = True
                if self._told_of(word.start) is not word.what:  # 1人遗体已打捞上岸、确认死亡: dead already
                    self._note(word.start, Statement(word.what, How.ALL))

    def _told_of(self, at: int) -> What | None:
        """What was said of the people counted last before ``at``."""
        before = [(start, one) for start, one in self.found if start < at and one.how is How.NUMBER]
        return max(before, key=lambda entry: entry[0])[1].what if before else None

    def _lead(self, words: list[Word], place: int) -> str:
        """The words of the clause before a number, back to the number before it."""
        start = clause_start(self.text, words[place].start)
        for other in reversed(words[:place]):
            if other.what is None and not other.mark:
                start = max(start, other.end)
                break
        return self.text[start : words[place].start]

    def _last_number(self) -> Statement | None:
        numbers = [
            statement for _, statement in sorted(self.found, key=lambda entry: entry[0])
        ] or self.before
        return next((statement for statement in reversed(numbers) if statement.how is How.NUMBER), None)

    def _note(self, at: int, statement: Statement) -> None:
        self.found.append((at, replace(statement, sentence=self.number)))


def _strongest(kinds: tuple[What, ...]) -> tuple[What, ...]:
    """Of several words after one number, those that count: death ends it, injury goes with being trapped."""
    if What.DEATHS in kinds:
        return (What.DEATHS,)
    if What.CASUALTY in kinds:
        return (What.CASUALTY,)
    hurt = tuple(dict.fromkeys(kind for kind in kinds if kind in (What.SERIOUS, What.LIGHT)))
    if hurt:
        return hurt[:1]
    if What.MISSING in kinds:
        return (What.MISSING,)
    if What.RESCUED in kinds and kinds[0] is What.TRAPPED:
        return (What.TRAPPED, What.RESCUED)
    if What.INJURED in kinds and kinds[0] is What.RESCUED:
        return (What.RESCUED, What.INJURED)
    if What.INJURED in kinds and What.TRAPPED in kinds:
        return (What.TRAPPED, What.INJURED)
    if What.INJURED in kinds and kinds[0] is What.INJURED:
        return (What.INJURED,)
    return kinds[:1]
