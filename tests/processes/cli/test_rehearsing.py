"""`shaodao run` and `shaodao check --json`: what they print, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from processes.cli.check import command as check
from processes.cli.run import command as rehearse

ROOT = Path(__file__).parents[3]
DRAWN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">
<process id="road" isExecutable="true"><startEvent id="s"/><userTask id="ask"/>
<businessRuleTask id="pick"><extensionElements><s:properties>
<s:property name="decision" value="who"/></s:properties></extensionElements></businessRuleTask>
<scriptTask id="tell"><script>log(ask.unit, pick.unit)</script></scriptTask><endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="ask"/>
<sequenceFlow id="f2" sourceRef="ask" targetRef="pick"/>
<sequenceFlow id="f3" sourceRef="pick" targetRef="tell"/>
<sequenceFlow id="f4" sourceRef="tell" targetRef="e"/></process></definitions>"""
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="who">
<decisionTable><input><inputExpression><text>kind</text></inputExpression></input>
<output name="unit"/><rule><inputEntry><text>"road"</text></inputEntry>
<outputEntry><text>"CG"</text></outputEntry></rule></decisionTable></decision></definitions>"""


@pytest.fixture
def road(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    (tmp_path / "who.dmn").write_text(TABLE, "utf-8")
    (tmp_path / "road.bpmn").write_text(DRAWN, "utf-8")
    return tmp_path / "road.bpmn"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(rehearse, [str(word) for word in words])


def test_a_rehearsal_is_one_object(road: Path) -> None:
    script = road.with_name("script.yaml")
    script.write_text("- complete: ask\n  data: {unit: SZ}\n- signal: nobody\n", "utf-8")
    done = run(road, "--data", '{"kind": "road"}', "--events", script, "--trace", "json")
    assert done.exit_code == 0, done.output
    told = orjson.loads(done.stdout)
    assert list(told) == ["refused", "ended", "log", "trace", "data"]
    assert (told["refused"], told["ended"], told["log"]) == (None, "completed", ["SZ", "CG"])
    assert "signal nobody" in done.stderr


def test_a_refusal_is_told_with_its_element(road: Path) -> None:
    road.write_text(DRAWN.replace("userTask", "adHocSubProcess"), "utf-8")
    refused = run(road, "--trace", "json")
    assert refused.exit_code == 1
    assert orjson.loads(refused.stdout)["refused"]["element"] == "ask"


def test_the_shipped_chain_is_rehearsed_with_the_processes_beside_it() -> None:
    done = run(ROOT / "bpmn" / "whistle" / "whistle.bpmn", "--trace", "json")
    told = orjson.loads(done.stdout)
    assert told["refused"] is None
    assert told["trace"][0]["event"] == "entered"


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--data", "[]"), "rehearsal.data"), (("--events", "bad.yaml"), "rehearsal.not_yaml")],
)
def test_what_cannot_be_read_is_said(road: Path, words: tuple[str, str], code: str) -> None:
    bad = road.with_name("bad.yaml")
    bad.write_text("a: [", "utf-8")
    result = run(road, words[0], words[1].replace("bad.yaml", str(bad)))
    assert getattr(result.exception, "code", "") == code


def test_a_check_lists_everything_as_json(road: Path) -> None:
    broken = road.with_name("broken.bpmn")
    broken.write_bytes(b"\xff\xfe<")
    missing = road.with_name("missing.bpmn")
    result = CliRunner().invoke(check, ["--json", str(road), str(broken), str(missing)])
    assert result.exit_code == 1
    drawn, bad, nowhere = orjson.loads(result.stdout)
    assert [finding["code"] for finding in drawn["findings"]][:1] == ["task.no_lane"]
    assert {"element", "severity", "code", "sentence", "advice"} == set(drawn["findings"][0])
    assert (bad["findings"][0]["code"], nowhere["findings"][0]["code"]) == (
        "xml.malformed",
        "check.missing",
    )
