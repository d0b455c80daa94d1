#!/usr/bin/env python3
"""Counts a published vote again, from its bundle alone.

    python3 recount.py BUNDLE [--root HEX]

One file, Python 3.9 or newer, nothing to install; it shares no code with the site that held the vote.
It checks the questions, every ballot, who replaced whom and the root of the hash tree, counts every
question again and compares all of it with what was published. It says which ballot differs.

`--root` is the root as you know it from elsewhere: a newspaper, a notice board, a receipt. Without it a
bundle is only compared with itself.

Ends with 0 when everything agrees, 1 when anything differs, 2 when the file cannot be read.
What is checked, and what a check proves, stands in docs/algorithms/recount.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import sys
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

# --- What a bundle holds ---------------------------------------------------------------------------


class Unreadable(Exception):
    """The file is not a bundle."""


class Broken(Exception):
    """A ballot says something that the questions do not allow."""


def canonical(data):
    """JSON in one spelling, as bytes: what every digest is made of."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read(path):
    """The header and the ballots, each with the number of its line. Raises Unreadable."""
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        lines = raw.decode("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"line {number} is not JSON: {error}") from None
        if not isinstance(row, dict):
            raise Unreadable(f"line {number} is not a JSON object")
        rows.append((number, row))
    if not rows or rows[0][1].get("kenes") != "bundle":
        raise Unreadable("the first line is not the header of a bundle")
    if rows[0][1].get("version") != 1:
        raise Unreadable(f"version {rows[0][1].get('version')!r} of bundles is not known")
    return rows[0][1], rows[1:]


class Report:
    """Lines for a person, and whether anything differed."""

    def __init__(self):
        self.lines = []
        self.differences = 0

    def agrees(self, text):
        self.lines.append(f"  ok       {text}")

    def differs(self, text):
        self.differences += 1
        self.lines.append(f"  DIFFERS  {text}")

    def says(self, text):
        self.lines.append(text)

    def compare(self, what, counted, published, agreed=""):
        """One line: that they agree, or the first places at which they do not."""
        found = differences(counted, published)
        if not found:
            self.agrees(f"{what}{agreed}")
        for place, mine, theirs in found[:5]:
            where = f" ({place})" if place else ""
            self.differs(f"{what}{where}: counted again {short(mine)}, published {short(theirs)}")
        if len(found) > 5:
            self.differs(f"{what}: and {len(found) - 5} more differences")


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 70 else text[:67] + "..."


MISSING = "(nothing)"


def differences(counted, published, place=""):
    """Where `published` does not hold what was counted: (place, counted, published).

    What was not counted again (a note, an interval of a mean) is not compared. Numbers with a point
    may differ by rounding.
    """
    if isinstance(counted, dict) and isinstance(published, dict):
        found = []
        for name, value in counted.items():
            where = f"{place}.{name}" if place else str(name)
            found += differences(value, published.get(name, MISSING), where)
        return found
    if isinstance(counted, list) and isinstance(published, list):
        if len(counted) != len(published):
            return [(f"{place}, how many", len(counted), len(published))]
        found = []
        for index, value in enumerate(counted):
            found += differences(value, published[index], f"{place}[{index + 1}]")
        return found
    if isinstance(counted, float) and isinstance(published, (int, float)):
        close = abs(counted - published) <= 2e-6 * max(1.0, abs(counted))
        return [] if close else [(place, counted, published)]
    same = type(counted) is type(published) and counted == published
    return [] if same else [(place, counted, published)]


# --- The list of ballots ---------------------------------------------------------------------------


def named(line, ballot):
    return f"the ballot on line {line}, mark {short(ballot.get('mark'))}"


def check_leaves(ballots, report):
    """Every ballot's own hash. Returns the hashes that the ballots really have, in order."""
    leaves, wrong = [], 0
    for line, ballot in ballots:
        body = {name: value for name, value in ballot.items() if name != "leaf"}
        leaf = hashlib.sha256(b"\x00" + canonical(body))
        leaves.append(leaf.digest())
        if ballot.get("leaf") != leaf.hexdigest():
            wrong += 1
            report.differs(
                f"{named(line, ballot)}, is not the one that was published: its hash differs"
            )
    if not wrong:
        report.agrees(f"{len(ballots)} ballots, each with its own hash")
    return leaves


def check_marks(ballots, report):
    """64 hexadecimal digits, in ascending order, none twice."""
    before, wrong = "", 0
    for line, ballot in ballots:
        mark = ballot.get("mark")
        if not isinstance(mark, str) or not re.fullmatch("[0-9a-f]{64}", mark):
            wrong += 1
            report.differs(f"{named(line, ballot)}: this is no mark")
            continue
        if mark == before:
            wrong += 1
            report.differs(f"{named(line, ballot)}, stands in the list twice")
        elif mark < before:
            wrong += 1
            report.differs(f"{named(line, ballot)}, is out of order")
        before = mark
    if not wrong:
        report.agrees("the ballots are in the order of their marks, none twice")


def check_chains(ballots, report):
    """Who replaced whom. Returns the ballots that count: not replaced, not withdrawn."""
    lines = {}
    for line, ballot in ballots:
        lines.setdefault(str(ballot.get("mark")), line)
    after = {}
    wrong = 0
    for line, ballot in ballots:
        mark, former = str(ballot.get("mark")), ballot.get("replaces")
        if former is None:
            if ballot.get("answers") is None:
                wrong += 1
                report.differs(f"{named(line, ballot)}, withdraws nothing")
            continue
        if former not in lines:
            wrong += 1
            report.differs(
                f"{named(line, ballot)}, replaces {short(former)}, which is not in the list"
            )
        elif former in after:
            wrong += 1
            report.differs(
                f"{named(line, ballot)}, replaces the ballot on line {lines[former]}, which the one "
                f"on line {lines[after[former]]} replaces already"
            )
        else:
            after[former] = mark
    wrong += check_circles(after, lines, report)
    counting = [
        (line, ballot)
        for line, ballot in ballots
        if str(ballot.get("mark")) not in after and ballot.get("answers") is not None
    ]
    if not wrong:
        withdrawn = sum(ballot.get("answers") is None for _, ballot in ballots)
        report.agrees(
            f"{len(after)} ballots were replaced, each once ({withdrawn} of the later ones withdraw); "
            f"{len(counting)} count"
        )
    return counting


def check_circles(after, lines, report):
    """Ballots that replace each other in a circle would all be void without anybody's wish."""
    wrong, done = 0, set()
    for start in after:
        path, mark = [], start
        while mark in after and mark not in done:
            done.add(mark)
            path.append(mark)
            mark = after[mark]
        if mark in path:
            wrong += 1
            report.differs(f"the ballot on line {lines[mark]} replaces itself by way of others")
    return wrong


def root_of(leaves):
    """RFC 6962, section 2.1: the tree's root over hashed leaves."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    level = list(leaves)
    while len(level) > 1:
        above = [
            hashlib.sha256(b"\x01" + level[place] + level[place + 1]).digest()
            for place in range(0, len(level) - 1, 2)
        ]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0].hex()


# --- What an answer may be -------------------------------------------------------------------------

YES_NO = ["yes", "no", "abstain"]
NOT_APPLICABLE = "na"


def questions_of(definition):
    return [question for page in definition["pages"] for question in page["questions"]]


def options_of(question):
    if question["kind"] == "yes_no":
        return YES_NO
    return [option["key"] for option in question.get("options", [])]


def grades_of(question):
    return [point["key"] for point in question.get("points", [])]


def within(question, value):
    """Whether a point or score is a whole number between the ends, or "na" where that is offered."""
    if value == NOT_APPLICABLE:
        return bool(question.get("does_not_apply"))
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    most = question.get("most")
    return question.get("least", 0) <= value and (most is None or value <= most)


def check_answer(question, answer):
    """Raises Broken for an answer that the question does not offer."""
    kind, offered = question["kind"], options_of(question)
    if kind in ("single", "yes_no"):
        good = answer.get("option") in offered
    elif kind == "share":
        check_share(question, answer.get("points"), offered)
        good = True
    elif kind in ("multiple", "knapsack", "ranking"):
        chosen = answer.get("ranking" if kind == "ranking" else "options")
        good = isinstance(chosen, list) and bool(chosen) and all(one in offered for one in chosen)
        good = good and len(set(chosen)) == len(chosen)
        good = good and question.get("least", 0) <= len(chosen) <= (
            question.get("most") or len(offered)
        )
        if good and kind == "knapsack":
            check_spent(question, chosen)
    elif kind == "scale":
        good = within(question, answer.get("point"))
    elif kind in ("score", "grades", "matrix"):
        name = {"score": "scores", "grades": "grades", "matrix": "points"}[kind]
        given = answer.get(name)
        keys = [item["key"] for item in question.get("items", [])] if kind == "matrix" else offered
        good = isinstance(given, dict) and bool(given) and all(key in keys for key in given)
        if good and kind == "grades":
            good = all(value in grades_of(question) for value in given.values())
        elif good:
            good = all(within(question, value) for value in given.values())
    else:
        raise Broken(f"a question of the kind {kind!r} is not asked in such a vote")
    if not good:
        raise Broken(f"its answer to {question['key']!r} is none that was offered: {short(answer)}")


def check_spent(question, chosen):
    """Raises Broken where options cost more together than there is. Sums are exact."""
    costs = {option["key"]: Fraction(option["cost"]) for option in question["options"]}
    spent, budget = sum(costs[one] for one in chosen), Fraction(question["budget"])
    if spent > budget:
        raise Broken(
            f"its answer to {question['key']!r} costs {float(spent - budget):g} more than there is"
        )


def check_share(question, points, offered):
    """Raises Broken for points that were not there to give."""
    most = question["most"]
    each = min(question.get("each", most), most)
    good = isinstance(points, dict) and bool(points) and all(one in offered for one in points)
    for number in points.values() if good else ():
        good = good and isinstance(number, int) and not isinstance(number, bool)
        good = good and 1 <= number <= each
    if not good or not question.get("least", 0) <= sum(points.values()) <= most:
        raise Broken(f"its points for {question['key']!r} were not there to give: {short(points)}")


def page_answered(definition, answers):
    """The keys of the questions on the first page of which something is answered."""
    for page in definition["pages"]:
        keys = {question["key"] for question in page["questions"]}
        if keys & set(answers):
            return keys
    return set()


def is_asked(definition, question, answers, rules):
    """Whether a question was asked of whoever gave these answers."""
    if definition.get("one_page") and question["key"] not in page_answered(definition, answers):
        return False
    return rules.asks(question, answers)


def check_ballot(definition, answers, rules):
    """Raises Broken for answers that nobody could have given."""
    questions = questions_of(definition)
    if not isinstance(answers, dict) or not set(answers) <= {one["key"] for one in questions}:
        raise Broken("it answers what was not asked")
    if definition.get("one_page") and set(answers) - page_answered(definition, answers):
        raise Broken("it answers on two pages, and one only counts")
    for question in questions:
        if question["key"] not in answers:
            continue
        if not isinstance(answers[question["key"]], dict):
            raise Broken(f"its answer to {question['key']!r} has no shape")
        check_answer(question, answers[question["key"]])
        if not rules.asks(question, answers):
            raise Broken(f"{question['key']!r} was not to be asked after its other answers")


def check_answers(definition, ballots, report):
    """The ballots whose answers were offered and asked; the others are named and left out."""
    rules, good = Rules(), []
    for line, ballot in ballots:
        try:
            check_ballot(definition, ballot["answers"], rules)
        except (Broken, KeyError, TypeError, ValueError) as error:
            report.differs(f"{named(line, ballot)}, cannot count: {error}")
        else:
            good.append((line, ballot))
    if len(good) == len(ballots):
        report.agrees("every ballot that counts answers what was asked, as it was offered")
    return good


# --- Conditions: who was asked what ----------------------------------------------------------------


class Rules:
    """The small language of "show if" (docs/algorithms/conditions.md), read once for each rule.

    A rule becomes a function of the answers. A rule that cannot be read shows nothing.
    """

    TOKEN = re.compile(r"\s*([A-Za-z0-9_.-]+|<=|>=|!=|=|<|>|\(|\))")
    RESERVED = ("and", "or", "not", "answered", "has")
    DEEPEST, LONGEST = 20, 2000

    def __init__(self):
        self.known = {}

    def asks(self, question, answers):
        text = question.get("show_if", "").strip()
        if not text:
            return True
        if text not in self.known:
            try:
                self.known[text] = self.read(question["show_if"])
            except ValueError:
                self.known[text] = lambda answers: False
        return self.known[text](answers)

    def read(self, text):
        if len(text) > self.LONGEST:
            raise ValueError("too long")
        words, place = [], 0
        while text[place:].strip():
            found = self.TOKEN.match(text, place)
            if not found:
                raise ValueError("no word")
            words.append(found.group(1))
            place = found.end()
        rule = self.any_of(words, 0)
        if words:
            raise ValueError("something follows")
        return rule

    def any_of(self, words, depth):
        parts = [self.all_of(words, depth)]
        while words and words[0] == "or":
            del words[0]
            parts.append(self.all_of(words, depth))
        return lambda answers: any(part(answers) for part in parts)

    def all_of(self, words, depth):
        parts = [self.term(words, depth)]
        while words and words[0] == "and":
            del words[0]
            parts.append(self.term(words, depth))
        return lambda answers: all(part(answers) for part in parts)

    def term(self, words, depth):
        if depth > self.DEEPEST or not words:
            raise ValueError("too deep, or nothing")
        if words[0] == "not":
            del words[0]
            inner = self.term(words, depth + 1)
            return lambda answers: not inner(answers)
        if words[0] == "(":
            del words[0]
            inner = self.any_of(words, depth + 1)
            if not words or words.pop(0) != ")":
                raise ValueError("open bracket")
            return inner
        return self.test(words)

    def name(self, words):
        if not words or words[0] in self.RESERVED or not re.match(r"[A-Za-z0-9_.-]", words[0]):
            raise ValueError("a name is expected")
        return words.pop(0)

    def test(self, words):
        if words[0] == "answered":
            del words[0]
            key = self.name(words)
            return lambda answers: answers.get(key) is not None
        key, _, part = self.name(words).partition(".")
        if not key:
            raise ValueError("a name is expected")
        if not words or words[0] not in ("=", "!=", "<", "<=", ">", ">=", "has"):
            raise ValueError("a sign is expected")
        sign = words.pop(0)
        value = self.name(words)
        return lambda answers: compared(answers.get(key), part, sign, value)


def said(answer, part):
    """What an answer says, as a list of words; of several the first leads."""
    for name in ("option", "point", "number", "date"):
        if name in answer:
            return [str(answer[name])]
    for name in ("options", "ranking"):
        if name in answer:
            return list(answer[name])
    for name in ("scores", "grades", "points"):
        if name in answer and part in answer[name]:
            return [str(answer[name][part])]
    return []


def compared(answer, part, sign, value):
    if answer is None:
        return False
    words = said(answer, part)
    if sign == "has":
        return value in words
    if not words:
        return False
    one, numbers = words[0], re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?")
    if numbers.fullmatch(one) and numbers.fullmatch(value):
        one, value = Decimal(one), Decimal(value)
    elif sign not in ("=", "!="):
        day = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
        if not (day.fullmatch(one) and day.fullmatch(value)):
            return False
    if sign == "=":
        return one == value
    if sign == "!=":
        return one != value
    return {"<": one < value, "<=": one <= value, ">": one > value, ">=": one >= value}[sign]


# --- Frequencies -----------------------------------------------------------------------------------

Z95 = 1.959963984540054  # the normal distribution's 97.5 % point


def cell(key, count, total):
    """A count, its share and Wilson's interval at 95 %."""
    if not total:
        share, low, high = 0.0, 0.0, 1.0
    else:
        share, square = count / total, Z95 * Z95
        middle = (share + square / (2 * total)) / (1 + square / total)
        spread = math.sqrt(share * (1 - share) / total + square / (4 * total * total))
        half = Z95 * spread / (1 + square / total)
        low, high = max(0.0, middle - half), min(1.0, middle + half)
    return {"key": str(key), "count": count, "share": share, "low": low, "high": high}


def mean_of(counts):
    """Mean and sample deviation of whole numbers by how often they occur; None of nothing."""
    total = sum(counts.values())
    if not total:
        return None
    mean = Fraction(sum(value * count for value, count in counts.items()), total)
    if total == 1:
        return {"total": 1, "mean": float(mean), "deviation": None}
    squares = sum((value - mean) ** 2 * count for value, count in counts.items())
    return {"total": total, "mean": float(mean), "deviation": math.sqrt(squares / (total - 1))}


WIDEST = 21


def points_in_order(question, counts):
    """Every point that is shown: those offered, or, of a wide score, those given; then "na"."""
    least, most = question.get("least", 0), question.get("most")
    given = sorted(value for value in counts if value != NOT_APPLICABLE)
    points = given if most is None or most - least >= WIDEST else list(range(least, most + 1))
    return points + ([NOT_APPLICABLE] if question.get("does_not_apply") else [])


def scale(question, counts):
    shown = points_in_order(question, counts)
    total = sum(counts[point] for point in shown)
    rows = (
        [cell(point, counts[point], total) for point in shown] if len(shown) <= WIDEST + 1 else []
    )
    return {"rows": rows, **summary(question, counts)}


def summary(question, counts):
    points = {value: count for value, count in counts.items() if value != NOT_APPLICABLE}
    found, mean, least = {}, mean_of(points), question.get("satisfied_from", 0)
    if mean is not None:
        found["mean"] = mean
    if mean is not None and least:
        happy = sum(count for value, count in points.items() if value >= least)
        found["satisfied"] = {**cell("satisfied", happy, mean["total"]), "from": least}
    return found


def chosen(question, answer):
    """The options that an answer counts for: of a ranking the first."""
    if question["kind"] in ("multiple", "knapsack"):
        return answer["options"]
    if question["kind"] == "share":
        return list(answer["points"])
    if question["kind"] == "ranking":
        return answer["ranking"][:1]
    return [answer["option"]]


PARTS = {"score": "scores", "grades": "grades", "matrix": "points"}


def part_keys(question):
    if question["kind"] == "matrix":
        return [item["key"] for item in question.get("items", [])]
    return options_of(question)


def frequencies(question, answers, asked):
    """The result "frequencies" of one question. `answers` are those to this question alone."""
    kind = question["kind"]
    found = {
        "kind": kind,
        "asked": asked,
        "answered": len(answers),
        "skipped": asked - len(answers),
    }
    if kind in PARTS:
        found["parts"] = []
        for key in part_keys(question):
            given = [answer[PARTS[kind]][key] for answer in answers if key in answer[PARTS[kind]]]
            counts = Counter(given)
            if kind == "grades":
                rest = {
                    "rows": [
                        cell(grade, counts[grade], len(given)) for grade in grades_of(question)
                    ]
                }
            else:
                rest = scale(question, counts)
            found["parts"].append({"key": key, "answered": len(given), **rest})
    elif kind == "scale":
        found.update(scale(question, Counter(answer["point"] for answer in answers)))
    else:
        counts = Counter(key for answer in answers for key in chosen(question, answer))
        found["rows"] = [cell(key, counts[key], len(answers)) for key in options_of(question)]
    if kind == "share":
        for row in found["rows"]:
            row["points"] = sum(answer["points"].get(row["key"], 0) for answer in answers)
    return found


# --- By channel ------------------------------------------------------------------------------------

CHANNELS = ["web", "paper", "telephone"]


def by_channel(question, answers, channels):
    """The result "groups": the question told apart by how ballots came in. `answers` by channel."""
    kind = question["kind"]
    if kind in ("single", "yes_no", "multiple"):
        table, rows = [], []
        for channel in channels:
            counts = Counter(key for one in answers[channel] for key in chosen(question, one))
            total = len(answers[channel])
            table.append([counts[key] for key in options_of(question)])
            cells = [cell(key, counts[key], total) for key in options_of(question)]
            rows.append({"key": channel, "answered": total, "cells": cells})
        found = {"rows": rows}
        if kind != "multiple":
            found["test"] = chi_square(channels, table)
    elif kind == "scale":
        given = {channel: [one["point"] for one in answers[channel]] for channel in channels}
        found = points_by_channel(question, given, channels)
    else:
        found = {"parts": []}
        for key in part_keys(question):
            given = {
                channel: [one["points"][key] for one in answers[channel] if key in one["points"]]
                for channel in channels
            }
            found["parts"].append({"key": key, **points_by_channel(question, given, channels)})
    return {"by": [{"key": "channel", "demographic": "channel", **found}]}


def points_by_channel(question, given, channels):
    rows, table, least = [], [], question.get("satisfied_from", 0)
    for channel in channels:
        points = Counter(point for point in given[channel] if point != NOT_APPLICABLE)
        total = sum(points.values())
        row = {"key": channel, "answered": total}
        if total:
            row["mean"] = {"total": total, "mean": mean_of(points)["mean"]}
        if least:
            happy = sum(count for point, count in points.items() if point >= least)
            row["satisfied"] = cell("satisfied", happy, total)
            table.append([happy, total - happy])
        rows.append(row)
    return {"rows": rows, **({"test": chi_square(channels, table)} if least else {})}


def chi_square(groups, table):
    """Pearson's test without correction; None where fewer than two rows or columns hold anything."""
    rows = [row for row in table if any(row)]
    columns = [index for index in range(len(table[0])) if any(row[index] for row in rows)]
    if len(rows) < 2 or len(columns) < 2:
        return None
    total = sum(map(sum, rows))
    statistic, least = 0.0, math.inf
    for row in rows:
        for index in columns:
            due = sum(row) * sum(other[index] for other in rows) / total
            statistic += (row[index] - due) ** 2 / due
            least = min(least, due)
    degrees = (len(rows) - 1) * (len(columns) - 1)
    strength = math.sqrt(statistic / (total * min(len(rows) - 1, len(columns) - 1)))
    return {
        "groups": list(groups),
        "statistic": statistic,
        "degrees": degrees,
        "p": chi_square_tail(statistic, degrees),
        "cramers_v": min(1.0, strength),
        "is_reliable": least >= 5,
    }


def chi_square_tail(statistic, degrees):
    """P(X >= statistic), by the finite sums for even and odd degrees of freedom."""
    half = statistic / 2
    if degrees % 2 == 0:
        term = total = math.exp(-half)
        for step in range(1, degrees // 2):
            term *= half / step
            total += term
        return total
    total, term = math.erfc(math.sqrt(half)), math.exp(-half) * math.sqrt(half / math.pi) * 2
    for step in range(1, (degrees - 1) // 2 + 1):
        total += term
        term *= half / (step + 0.5)
    return total


# --- Thresholds ------------------------------------------------------------------------------------


def exact_share(text):
    """Five decimals stand for the fraction with the smallest denominator up to 100 that rounds to them."""
    written = Fraction(Decimal(text))
    for denominator in range(1, 101):
        candidate = Fraction(round(written * denominator), denominator)
        if abs(candidate - written) <= Fraction(1, 200_000):
            return candidate
    return written


def reached(have, base, share, strictly):
    """`strictly`: a threshold of one half means more than half."""
    is_majority = strictly and share == Fraction(1, 2)
    need = base // 2 + 1 if is_majority else max(math.ceil(share * base), 1)
    return {
        "is_reached": have >= need,
        "have": have,
        "base_count": base,
        "need": need,
        "share": str(share),
    }


def threshold(rules, votes):
    """The result "threshold" of a yes/no question. `votes` are (area or None, option)."""
    yes = sum(option == "yes" for _, option in votes)
    no = sum(option == "no" for _, option in votes)
    base, share = rules["threshold_base"], exact_share(rules["threshold"])
    if base == "eligible":
        if rules["eligible_count"] is None:
            return {"base": base, "is_reached": None, "have": yes, "share": rules["threshold"]}
        return {"base": base, **reached(yes, rules["eligible_count"], share, True)}
    whole = {"base": base, **reached(yes, yes + no, share, True)}
    if base != "areas":
        return whole
    areas = {}
    for area, option in votes:
        if area is not None:
            pair = areas.setdefault(area, {"yes": 0, "no": 0})
            if option in pair:
                pair[option] += 1
    voting = {area: pair for area, pair in sorted(areas.items()) if pair["yes"] + pair["no"]}
    in_areas = {name: sum(pair[name] for pair in voting.values()) for name in ("yes", "no")}
    inside = reached(in_areas["yes"], in_areas["yes"] + in_areas["no"], share, True)
    is_for = {
        area: reached(pair["yes"], pair["yes"] + pair["no"], share, True)["is_reached"]
        for area, pair in voting.items()
    }
    most = 2 * sum(is_for.values()) > len(voting)
    return {
        **whole,
        "is_reached": whole["is_reached"] and inside["is_reached"] and most,
        "areas_for": [area for area in voting if is_for[area]],
        "areas_against": [area for area in voting if not is_for[area]],
        "areas": areas,
    }


# --- Tallies: what they share ----------------------------------------------------------------------


def ballot_of(question, answer):
    """An answer as a ballot: ranked groups, or pairs of option and mark."""
    kind = question["kind"]
    if kind in ("score", "grades"):
        return tuple(sorted(answer[PARTS[kind]].items()))
    if kind == "multiple":
        return (tuple(sorted(answer["options"])),)
    if kind == "ranking":
        return tuple((one,) for one in answer["ranking"])
    return () if answer["option"] == "abstain" else ((answer["option"],),)


class Contest:
    """Candidates, distinct ballots with their number, and the lot."""

    def __init__(self, question, answers):
        kind = question["kind"]
        self.candidates = ["yes", "no"] if kind == "yes_no" else options_of(question)
        self.ballots = Counter(ballot_of(question, answer) for answer in answers)
        self.ballots.pop((), None)
        self.grades = grades_of(question) if kind == "grades" else []
        self.least = question.get("least", 0) if kind == "score" else 0
        self.seats = question.get("seats", 1)
        self.digest = self.digested()
        self.lot = sorted(self.candidates, key=lambda one: sha256(f"{self.digest}\n{one}".encode()))
        self.total = sum(self.ballots.values())

    def digested(self):
        head = {"candidates": sorted(self.candidates), "grades": self.grades, "least": self.least}
        lines = sorted(
            (canonical(ballot).decode(), copies) for ballot, copies in self.ballots.items()
        )
        text = "".join(f"{copies} {ballot}\n" for ballot, copies in lines)
        return sha256(canonical(head) + b"\n" + text.encode())

    def favoured(self, tied):
        """Whom the lot favours."""
        return min(tied, key=self.lot.index)

    def unfavoured(self, tied):
        return max(tied, key=self.lot.index)

    def by_history(self, tied, history, pick):
        """Narrow `tied` by the latest earlier round in which they differed; `pick` is min or max."""
        for tallies in reversed(history):
            goal = pick(tallies[one] for one in tied)
            tied = [one for one in tied if tallies[one] == goal]
        return tied

    def in_order(self, candidates, votes, history=()):
        """The most votes first, then by earlier rounds, then by the lot."""
        left, order = list(candidates), []
        while left:
            top = max(votes[one] for one in left)
            tied = [one for one in left if votes[one] == top]
            order.append(self.favoured(self.by_history(tied, history, max)))
            left.remove(order[-1])
        return order


def first_choices(contest):
    """Ballots as strict orders up to the first tie, with how many have none."""
    orders, unusable = Counter(), 0
    for ballot, copies in contest.ballots.items():
        order = []
        for group in ballot:
            if len(group) > 1:
                break
            order.append(group[0])
        if order:
            orders[tuple(order)] += copies
        else:
            unusable += copies
    return orders, unusable


def text(units, places):
    """A fixed-point number as text."""
    if not places:
        return str(units)
    whole, rest = divmod(units, 10**places)
    return f"{whole}.{str(rest).rjust(places, '0')}"


def texts(contest, votes, places=0):
    return {one: text(votes[one], places) for one in contest.candidates if one in votes}


def added(contest, votes, shown, unusable=0):
    """A result of a method that adds up once."""
    elected = contest.in_order(contest.candidates, votes)[: contest.seats]
    return {
        "winners": elected,
        "unusable": unusable,
        "rounds": [{"tallies": shown, "elected": elected}],
    }


def moved_in_order(contest, source, moved, places=0):
    """Transfers as they are written: in the order of candidates, what rests last."""
    named_first = [one for one in contest.candidates if one in moved]
    rest = [None] if None in moved else []
    return [
        {"from": source, "to": one, "votes": text(moved[one], places)} for one in named_first + rest
    ]


# --- Tallies: methods that add up ------------------------------------------------------------------


def plurality(contest):
    votes, unusable = Counter(), 0
    for ballot, copies in contest.ballots.items():
        if len(ballot[0]) == 1:
            votes[ballot[0][0]] += copies
        else:
            unusable += copies
    votes = {one: votes[one] for one in contest.candidates}
    return added(contest, votes, texts(contest, votes), unusable)


def approval(contest):
    votes = dict.fromkeys(contest.candidates, 0)
    for ballot, copies in contest.ballots.items():
        names = [one for group in ballot for one in group]
        ties = 1 < len(ballot) < len(names)
        if ties and len(names) == len(contest.candidates):
            names = [one for group in ballot[:-1] for one in group]
        for one in names:
            votes[one] += copies
    return added(contest, votes, texts(contest, votes))


def score(contest):
    votes = dict.fromkeys(contest.candidates, 0)
    for ballot, copies in contest.ballots.items():
        given = dict(ballot)
        for one in contest.candidates:
            votes[one] += copies * given.get(one, contest.least)
    return added(contest, votes, texts(contest, votes))


def places_on(contest, ballot):
    """The place of each candidate; those whom the ballot does not name are last together."""
    place = {one: len(ballot) for one in contest.candidates}
    for index, group in enumerate(ballot):
        for one in group:
            place[one] = index
    return place


def borda(contest):
    doubled = dict.fromkeys(contest.candidates, 0)
    for ballot, copies in contest.ballots.items():
        place = places_on(contest, ballot)
        level = Counter(place.values())
        for one in contest.candidates:
            below = sum(number for where, number in level.items() if where > place[one])
            doubled[one] += copies * (2 * below + level[place[one]] - 1)
    shown = {
        one: str(points // 2) if points % 2 == 0 else f"{points // 2}.5"
        for one, points in doubled.items()
    }
    return added(contest, doubled, shown)


def majority_judgement(contest):
    """Medians are removed one by one; the sequence of removed grades ranks candidates."""
    worst_first = contest.grades[::-1]
    table, sequences, medians = {}, {}, {}
    for one in contest.candidates:
        counts = [0] * len(worst_first)
        for ballot, copies in contest.ballots.items():
            counts[worst_first.index(dict(ballot).get(one, worst_first[0]))] += copies
        table[one] = {grade: str(counts[-1 - place]) for place, grade in enumerate(contest.grades)}
        sequences[one] = removed_medians(counts)
        medians[one] = worst_first[sequences[one][0]]
    ranks = sorted(set(sequences.values()))
    standing = {one: ranks.index(sequences[one]) for one in contest.candidates}
    elected = contest.in_order(contest.candidates, standing)[: contest.seats]
    first = {"tallies": medians, "table": table}
    last = {
        "tallies": {one: str(len(ranks) - standing[one]) for one in contest.candidates},
        "elected": elected,
    }
    return {"winners": elected, "unusable": 0, "first": first, "last": last}


def removed_medians(counts):
    """Grades in the order in which lower medians are removed, 0 the worst."""
    grades = [grade for grade, number in enumerate(counts) for _ in range(number)]
    low = (len(grades) - 1) // 2
    high = low + 1
    order = []
    while len(order) < len(grades):
        left = low + 1 + len(grades) - high
        if (left - 1) // 2 <= low:
            order.append(grades[low])
            low -= 1
        else:
            order.append(grades[high])
            high += 1
    return tuple(order)


# --- Tallies: transferable votes -------------------------------------------------------------------


def irv(contest):
    """The last is excluded until one has more than half of what still counts."""
    orders, unusable = first_choices(contest)
    running, history, rounds = list(contest.candidates), [], []
    excluded, before, transfers = [], {}, []
    while True:
        held = {}
        votes = dict.fromkeys(running, 0)
        exhausted = 0
        for order, copies in orders.items():
            holder = next((one for one in order if one in votes), None)
            held[order] = holder
            if holder is None:
                exhausted += copies
            else:
                votes[holder] += copies
        if excluded:
            moved = Counter()
            for order, holder in held.items():
                if before[order] == excluded[0]:
                    moved[holder] += orders[order]
            transfers = moved_in_order(contest, excluded[0], moved)
        total = sum(votes.values())
        top = max(votes, key=lambda one: votes[one])
        wins = [top] if 2 * votes[top] > total or len(running) == 1 else []
        rounds.append(
            {
                "tallies": texts(contest, votes),
                "elected": wins,
                "excluded": excluded,
                "transfers": transfers,
                "values": {"continuing": str(total), "exhausted": str(exhausted)},
            }
        )
        if wins:
            return {"winners": wins, "unusable": unusable, "rounds": rounds}
        least = min(votes.values())
        tied = [one for one in running if votes[one] == least]
        excluded = [contest.unfavoured(contest.by_history(tied, history, min))]
        running.remove(excluded[0])
        history.append(votes)
        before = held


FIVE = 10**5


def stv_scottish(contest):
    """SSI 2007/42, rules 45 to 52. Every paper is a row: order, copies, value, holder."""
    orders, unusable = first_choices(contest)
    papers = [[order, copies, FIVE, order[0]] for order, copies in orders.items()]
    valid = sum(orders.values())
    quota = (valid // (contest.seats + 1) + 1) * FIVE
    votes = dict.fromkeys(contest.candidates, 0)
    for _, copies, value, holder in papers:
        votes[holder] += copies * value
    running, elected, surpluses = set(contest.candidates), [], []
    history, rounds, excluded, transfers = [], [], [], []
    while True:
        new = contest.in_order([one for one in running if votes[one] >= quota], votes, history)
        surpluses += [one for one in new if votes[one] > quota]
        running -= set(new)
        if len(running) <= contest.seats - len(elected) - len(new):
            new = new + contest.in_order(list(running), votes, history)
            running = set()
        elected += new
        values = {
            "quota": str(quota // FIVE),
            "nontransferable": text(valid * FIVE - sum(votes.values()), 5),
        }
        rounds.append(
            {
                "tallies": texts(contest, votes, 5),
                "elected": new,
                "excluded": excluded,
                "transfers": transfers,
                "values": values,
            }
        )
        if len(elected) >= contest.seats or not running:
            return {"winners": elected, "unusable": unusable, "rounds": rounds}
        before = dict(votes)
        if surpluses:
            source = next_surplus(contest, votes, surpluses, history)
            surpluses.remove(source)
            excluded, kept = [], quota
            moved = move(papers, source, running, votes[source] - quota, votes[source])
        else:
            source = lowest(contest, votes, running, history)
            running.discard(source)
            excluded, kept = [source], 0
            moved = move(papers, source, running, 1, 1)
        for one, number in moved.items():
            votes[one] += number
        votes[source] = kept
        rest = before[source] - kept - sum(moved.values())
        transfers = moved_in_order(contest, source, {**moved, None: rest} if rest else moved, 5)
        history.append(before)


def next_surplus(contest, votes, surpluses, history):
    """Rule 49: the largest first."""
    top = max(votes[one] for one in surpluses)
    tied = [one for one in surpluses if votes[one] == top]
    return contest.favoured(contest.by_history(tied, history, max))


def lowest(contest, votes, running, history):
    """Rules 50 and 51."""
    least = min(votes[one] for one in running)
    tied = [one for one in running if votes[one] == least]
    return contest.unfavoured(contest.by_history(tied, history, min))


def move(papers, source, running, part, whole):
    """Rule 48: each paper to its next preference, its value times part/whole, cut after five decimals."""
    moved = Counter()
    for paper in papers:
        if paper[3] == source:
            paper[2] = part * paper[2] // whole
            paper[3] = next((one for one in paper[0] if one in running), None)
            if paper[3] is not None:
                moved[paper[3]] += paper[1] * paper[2]
    return moved


NINE = 10**9


def times_up(one, other, divisor=NINE):
    """one * other / divisor, rounded up."""
    return -(-one * other // divisor)


def stv_meek(contest):
    """The Proportional Representation Foundation's Reference Meek Rule, nine decimals."""
    orders, unusable = first_choices(contest)
    valid = sum(orders.values())
    keep = dict.fromkeys(contest.candidates, NINE)
    running, elected, rounds, excluded = list(contest.candidates), [], [], []
    while True:
        heads = heads_of(orders, keep, running)
        votes, quota, surplus = settle(contest, heads, keep, running, elected, valid)
        if len(running) <= contest.seats - len(elected):
            new = contest.in_order(running, votes)
        else:
            new = contest.in_order([one for one in running if votes[one] >= quota], votes)
        elected += new
        running = [one for one in running if one not in new]
        values = {
            "quota": text(quota, 9),
            "nontransferable": text(valid * NINE - sum(votes.values()), 9),
            "surplus": text(surplus, 9),
        }
        rounds.append(
            {
                "tallies": texts(contest, votes, 9),
                "elected": new,
                "excluded": excluded,
                "values": values,
            }
        )
        if len(elected) >= contest.seats or not running:
            return {"winners": elected, "unusable": unusable, "rounds": rounds}
        excluded = []
        if not new:
            least = min(votes[one] for one in running)
            tied = [one for one in running if votes[one] <= least + surplus]
            excluded = [contest.unfavoured(tied)]
            running.remove(excluded[0])
            keep[excluded[0]] = 0


def heads_of(orders, keep, running):
    """What of each ballot matters now: nobody excluded, nobody after the first still running."""
    heads = Counter()
    for order, copies in orders.items():
        head = []
        for one in order:
            if keep[one]:
                head.append(one)
                if one in running:
                    break
        heads[tuple(head)] += copies
    return heads


def settle(contest, heads, keep, running, elected, valid):
    """Lower what the elected keep until somebody reaches the quota or nothing is left to pass on."""
    last_surplus = valid * NINE
    while True:
        votes = dict.fromkeys(contest.candidates, 0)
        for head, copies in heads.items():
            weight = NINE
            for one in head:
                part = times_up(weight, keep[one])
                votes[one] += part * copies
                weight -= part
        quota = sum(votes.values()) // (contest.seats + 1) + 1
        surplus = max(sum(votes[one] - quota for one in elected), 0)
        is_reached = any(votes[one] >= quota for one in running)
        if is_reached or surplus < 1000 or surplus >= last_surplus:
            return votes, quota, surplus
        last_surplus = surplus
        for one in elected:
            keep[one] = times_up(times_up(keep[one], quota), NINE, votes[one])


# --- Tallies: candidates two by two ----------------------------------------------------------------


def preferred(contest):
    """How many ballots rank one above another, for every two."""
    found = {
        one: {other: 0 for other in contest.candidates if other != one}
        for one in contest.candidates
    }
    for ballot, copies in contest.ballots.items():
        place = places_on(contest, ballot)
        for one, row in found.items():
            for other in row:
                if place[one] < place[other]:
                    row[other] += copies
    return found


def as_texts(table):
    return {
        one: {other: str(number) for other, number in row.items()} for one, row in table.items()
    }


def ranked_by(contest, beats):
    """Each time one whom nobody left beats; of several the one whom the lot favours."""
    left, order = list(contest.candidates), []
    while left:
        free = [one for one in left if not any(one in beats[other] for other in left)]
        order.append(contest.favoured(free))
        left.remove(order[-1])
    return order


def two_by_two(contest, pairs, beats, second):
    order = ranked_by(contest, beats)
    wins = {
        one: str(sum(number > pairs[other][one] for other, number in row.items()))
        for one, row in pairs.items()
    }
    rounds = [
        {"tallies": wins, "table": as_texts(pairs)},
        {"tallies": {one: str(len(beats[one])) for one in contest.candidates}, **second},
        {
            "tallies": {one: str(place) for place, one in enumerate(order, 1)},
            "elected": order[: contest.seats],
        },
    ]
    return {"winners": order[: contest.seats], "unusable": 0, "rounds": rounds}


def schulze(contest):
    """Strongest paths, by winning votes: the widest way, grown from each candidate (as Dijkstra's)."""
    pairs = preferred(contest)
    force = {
        one: {other: number for other, number in row.items() if number > pairs[other][one]}
        for one, row in pairs.items()
    }
    paths = {}
    for start in contest.candidates:
        width = dict.fromkeys(contest.candidates, 0)
        width[start] = contest.total + 1
        todo = set(contest.candidates)
        while todo:
            here = max(todo, key=lambda one: width[one])
            todo.remove(here)
            for other, number in force[here].items():
                if other in todo:
                    width[other] = max(width[other], min(width[here], number))
        paths[start] = {one: width[one] for one in contest.candidates if one != start}
    beats = {
        one: {other for other, number in row.items() if number > paths[other][one]}
        for one, row in paths.items()
    }
    return two_by_two(contest, pairs, beats, {"table": as_texts(paths)})


def ranked_pairs(contest):
    """Victories are locked from the greatest margin down unless they close a circle."""
    pairs = preferred(contest)
    victories = [
        (one, other)
        for one in contest.candidates
        for other in pairs[one]
        if pairs[one][other] > pairs[other][one]
    ]
    place = {one: index for index, one in enumerate(contest.lot)}
    victories.sort(
        key=lambda pair: (
            pairs[pair[1]][pair[0]] - pairs[pair[0]][pair[1]],
            -pairs[pair[0]][pair[1]],
            place[pair[0]],
            -place[pair[1]],
        )
    )
    beats = {one: set() for one in contest.candidates}
    for winner, loser in victories:
        found, todo = set(), [loser]
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += beats[one]
        if winner not in found:
            beats[winner].add(loser)
    return two_by_two(contest, pairs, beats, {})


METHODS = {
    "plurality": plurality,
    "approval": approval,
    "score": score,
    "majority-judgement": majority_judgement,
    "borda": borda,
    "irv": irv,
    "stv-scottish": stv_scottish,
    "stv-meek": stv_meek,
    "schulze": schulze,
    "ranked-pairs": ranked_pairs,
}
VERSIONS = dict.fromkeys(METHODS, 1)


def tally(question, answers):
    """The result of a method, as far as it is counted again. Raises KeyError for an unknown method."""
    method = METHODS[question["method"]]
    contest = Contest(question, answers)
    if question["method"] == "irv":
        contest.seats = 1
    found = {
        "method": question["method"],
        "seats": contest.seats,
        "candidates": contest.candidates,
        "lot": contest.lot,
        "digest": contest.digest,
    }
    unusable = first_choices(contest)[1] if question["method"].startswith(("irv", "stv")) else 0
    if not contest.total or unusable == contest.total:
        zero = dict.fromkeys(contest.candidates, "0")
        return {**found, "winners": [], "ballots": 0, "rounds": [{"tallies": zero, "elected": []}]}
    counted = method(contest)
    return {**found, "ballots": contest.total - counted["unusable"], **counted}


# --- Comparing everything --------------------------------------------------------------------------


def check_turnout(header, size, counting, result, report):
    """The numbers of the poll itself."""
    voters = sum(header["turnout"].values())
    rules = header["rules"]
    quorum = None
    if rules.get("quorum") is not None:
        quorum = {"share": rules["quorum"], "is_reached": None}
        if rules.get("eligible_count") is not None:
            quorum = reached(voters, rules["eligible_count"], exact_share(rules["quorum"]), False)
    counted = {
        "eligible": rules.get("eligible_count"),
        "voters": voters,
        "ballots": len(counting),
        "void": size - len(counting),
        "quorum": quorum,
        "channels": [
            {"key": name, "count": header["turnout"][name]}
            for name in CHANNELS
            if header["turnout"].get(name)
        ],
    }
    report.compare("the turnout and the quorum", counted, result)


def check_box(header, counting, report):
    """No more ballots than voters."""
    voters = sum(header["turnout"].values())
    if len(counting) > voters:
        report.differs(f"{len(counting)} ballots count, but only {voters} people voted")
    elif len(counting) < voters:
        report.says(f"  note     {voters} people voted, {len(counting)} ballots count")
    else:
        report.agrees(f"as many ballots count as people voted: {voters}")


def check_outcomes(header, size, counting, report):
    """Count everything again and compare."""
    definition, rules = header["definition"], Rules()
    ordered = sorted((ballot for _, ballot in counting), key=lambda ballot: ballot["mark"])
    over_all = hashlib.sha256()
    for ballot in ordered:
        line = {name: ballot.get(name) for name in ("answers", "channel", "mark")}
        over_all.update(canonical(line) + b"\n")
    questions = {question["key"]: question for question in questions_of(definition)}
    expected = {(key, "frequencies") for key in questions} | {("", "turnout")}
    expected |= {(key, one["method"]) for key, one in questions.items() if one.get("method")}
    if header["rules"].get("threshold") is not None:
        expected |= {
            (key, "threshold") for key, one in questions.items() if one["kind"] == "yes_no"
        }
    published = {}
    for outcome in header["outcomes"]:
        published[(outcome["question"], outcome["method"])] = outcome
    for key, method in sorted(expected - set(published)):
        report.differs(f"no outcome {method!r} was published for {key or 'the vote'!r}")
    for (key, method), outcome in published.items():
        name = f"{key}: {method}" if key else method
        if key and key not in questions:
            report.differs(f"{name}: there is no such question")
            continue
        digest = over_all.hexdigest()
        try:
            if (key, method) == ("", "turnout"):
                check_turnout(header, size, counting, outcome["result"], report)
            else:
                digest = check_outcome(
                    header, questions[key], ordered, outcome, rules, digest, report
                )
        except (KeyError, TypeError, ValueError, IndexError) as error:
            report.differs(f"{name}: cannot be counted again ({type(error).__name__}: {error})")
            continue
        if outcome["input_digest"] != digest:
            report.differs(
                f"{name}: counted from other ballots (digest {outcome['input_digest'][:12]}..., "
                f"these have {digest[:12]}...)"
            )


def check_outcome(header, question, ordered, outcome, rules, digest, report):
    """One outcome of one question. Returns the digest that its input must have."""
    key, method = question["key"], outcome["method"]
    answers = [ballot["answers"][key] for ballot in ordered if key in ballot["answers"]]
    name = f"{key}: {method}"
    if method == "frequencies":
        asked = sum(
            is_asked(header["definition"], question, ballot["answers"], rules) for ballot in ordered
        )
        counted = frequencies(question, answers, asked)
        said_shortly = f": {asked} asked, {len(answers)} answered, {asked - len(answers)} skipped"
        report.compare(name, counted, outcome["result"], said_shortly)
    elif method == "groups":
        seen = {ballot["channel"] for ballot in ordered}
        channels = [one for one in CHANNELS if one in seen]
        split = {
            one: [b["answers"][key] for b in ordered if b["channel"] == one and key in b["answers"]]
            for one in channels
        }
        report.compare(
            name, by_channel(question, split, channels), outcome["result"], " (by channel)"
        )
    elif method == "threshold":
        votes = [
            (ballot.get("area"), ballot["answers"][key]["option"])
            for ballot in ordered
            if key in ballot["answers"]
        ]
        report.compare(name, threshold(header["rules"], votes), outcome["result"])
    elif method in METHODS and method == question.get("method"):
        if outcome["version"] != VERSIONS[method]:
            report.differs(f"{name}: this program does not know version {outcome['version']}")
            return outcome["input_digest"]
        counted = tally(question, answers)
        result = outcome["result"]
        if "last" in counted:
            compare_ends(counted, result)
        report.compare(name, counted, result, f": {', '.join(counted['winners']) or 'nobody'}")
        return counted["digest"]
    else:
        report.differs(f"{name}: this method was not declared")
    return digest


def compare_ends(counted, result):
    """Majority judgement: compare the first and the last round; what lies between explains them."""
    rounds = result.get("rounds") if isinstance(result, dict) else None
    counted["rounds"] = [counted.pop("first"), counted.pop("last")]
    if isinstance(rounds, list) and len(rounds) > 2:
        counted["rounds"][1:1] = [{} for _ in rounds[1:-1]]


def recount(header, ballots, root=""):
    """Check everything; returns the Report. Raises Unreadable for a header without its parts."""
    report = Report()
    title = header.get("title")
    if isinstance(title, dict):
        title = title.get("en") or next(iter(title.values()), "")
    report.says(f"{title} (vote {header.get('poll')})")
    try:
        definition = header["definition"]
        questions_of(definition)
        header["outcomes"], header["rules"], header["turnout"] = (
            list(header["outcomes"]),
            dict(header["rules"]),
            dict(header["turnout"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"the header lacks something: {error}") from None
    report.compare(
        "the questions have their digest",
        sha256(canonical(definition)),
        header.get("definition_digest"),
    )
    report.compare("the number of ballots", len(ballots), header.get("size"), f": {len(ballots)}")
    leaves = check_leaves(ballots, report)
    check_marks(ballots, report)
    computed = root_of(leaves)
    report.compare("the root of the ballots", computed, header.get("root"), f": {computed}")
    if root:
        report.compare("the root that you know", computed, root.strip().lower())
    else:
        report.says(
            "  note     no root from elsewhere was given (--root): the file was compared with itself"
        )
    counting = check_chains(ballots, report)
    check_box(header, counting, report)
    good = check_answers(definition, counting, report)
    check_outcomes(header, len(ballots), good, report)
    return report


def main(arguments=None):
    """Run; returns the exit code."""
    parser = argparse.ArgumentParser(
        description="Counts a published vote again, from its bundle alone."
    )
    parser.add_argument("bundle", metavar="BUNDLE", help='the file, or "-" for standard input')
    parser.add_argument(
        "--root", default="", metavar="HEX", help="the root as you know it from elsewhere"
    )
    options = parser.parse_args(arguments)
    try:
        report = recount(*read(options.bundle), root=options.root)
    except Unreadable as error:
        sys.stderr.write(f"recount: {options.bundle}: {error}\n")
        return 2
    for line in report.lines:
        sys.stdout.write(line + "\n")
    if report.differences:
        sys.stdout.write(
            f"\n{report.differences} differences. This is not the vote as it was published.\n"
        )
        return 1
    sys.stdout.write("\nEverything agrees.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
