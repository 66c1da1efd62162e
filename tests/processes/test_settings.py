"""Settings come from the environment, whole or with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import Invalid
from processes.settings import ROOT, Settings


def test_nothing_set_means_a_folder_of_the_checkout_and_sqlite() -> None:
    settings = Settings.read({})
    assert settings.home == ROOT / "var"
    assert settings.database == f"sqlite:///{ROOT}/var/shaodao.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_what_is_set_is_taken(tmp_path: Path) -> None:
    settings = Settings.read(
        {
            "SHAODAO_HOME": str(tmp_path),
            "SHAODAO_DATABASE": "postgresql://h/d",
            "SHAODAO_BROKER": "amqp://h//",
            "SHAODAO_PROXIES": "10.0.0.5, 10.1.0.0/16",
            "SHAODAO_THROTTLE": "redis://h/1",
            "PATH": "/bin",
        }
    )
    assert settings.home == tmp_path
    assert settings.database == "postgresql://h/d"
    assert settings.broker == "amqp://h//"
    assert settings.proxies == ("10.0.0.5", "10.1.0.0/16")
    assert settings.throttle == "redis://h/1"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SHAODAO_HOEM", "/srv", "setting.unknown"),
        ("SHAODAO_DATABASE", "mysql://h/d", "setting.database"),
        ("SHAODAO_DATABASE", "what", "setting.database"),
        ("SHAODAO_BROKER", "kafka://h", "setting.broker"),
        ("SHAODAO_PROXIES", "10.0.0.1, nginx", "setting.proxies"),
        ("SHAODAO_THROTTLE", "memcached://h", "setting.throttle"),
        ("SHAODAO_PORT", "eighty", "setting.port"),
        ("SHAODAO_PORT", "70000", "setting.port"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        Settings.read({name: value})
    assert refused.value.code == code
    assert name in str(refused.value)
