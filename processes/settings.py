"""Settings: environment variables, read once, all on this page.

A misspelt name would silently do nothing, so every SHAODAO_ name that is not known is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import sqlalchemy as sa

from engine.errors import Invalid
from engine.i18n import _

PREFIX = "SHAODAO_"
NAMES = (
    "SHAODAO_BROKER",
    "SHAODAO_DATABASE",
    "SHAODAO_HOME",
    "SHAODAO_HOST",
    "SHAODAO_PORT",
    "SHAODAO_PROXIES",
    "SHAODAO_THROTTLE",
)
BROKERS = ("amqp://", "amqps://", "redis://", "rediss://")
COUNTERS = ("memory://", "redis://", "rediss://")
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation is set up.

    `home` holds keys, files and the SQLite database; `database` is an SQLAlchemy URL; `host` and
    `port` are where the web server listens. Of many hosts: `broker` tells workers that there is
    work, None on one machine; `proxies` are the addresses and networks of reverse proxies whose
    word on who asks is taken; `throttle` is where login tries are counted.
    """

    home: Path
    database: str
    host: str = "127.0.0.1"
    port: int = 8000
    broker: str | None = None
    proxies: tuple[str, ...] = ()
    throttle: str = "memory://"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings. Raises Invalid("setting.…") with the name that is wrong."""
        refuse_unknown(environment)
        home = Path(environment.get("SHAODAO_HOME") or default_home()).expanduser().absolute()
        return cls(
            home=home,
            database=database_url(
                environment.get("SHAODAO_DATABASE") or f"sqlite:///{home}/shaodao.db"
            ),
            host=environment.get("SHAODAO_HOST") or "127.0.0.1",
            port=port_number(environment.get("SHAODAO_PORT") or "8000"),
            broker=broker_url(environment.get("SHAODAO_BROKER")),
            proxies=networks(environment.get("SHAODAO_PROXIES") or ""),
            throttle=counter_url(environment.get("SHAODAO_THROTTLE") or "memory://"),
        )


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Refuse names that begin like ours and are not."""
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in NAMES)
    if unknown:
        raise Invalid(
            "setting.unknown",
            _(
                "不认识环境变量 {name}；可用的有：{known}。",
                name=unknown[0],
                known="、".join(NAMES),
            ),
        )


def default_home() -> Path:
    """Return `var` of the checkout, or of the current folder where we run as an installed wheel."""
    return (ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()) / "var"


def database_url(text: str) -> str:
    """Check that a text is a URL of a database we can use."""
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
        raise Invalid(
            "setting.database",
            _("SHAODAO_DATABASE 不是可用的数据库地址，应以 sqlite:/// 或 postgresql:// 开头。"),
        )
    return text


def port_number(text: str) -> int:
    """Read a TCP port."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise Invalid(
            "setting.port",
            _("SHAODAO_PORT 应是 1 到 65535 之间的整数，现在是“{text}”。", text=text),
        )
    return int(text)


def broker_url(text: str | None) -> str | None:
    """Check the address of a broker; nothing means one machine."""
    if text and not text.startswith(BROKERS):
        raise Invalid(
            "setting.broker",
            _("SHAODAO_BROKER 不是可用的地址，应以 redis:// 或 amqp:// 开头。"),
        )
    return text or None


def required_broker(settings: Settings) -> str:
    """Return the broker. Raises Invalid("setting.no_broker") where none is set."""
    if settings.broker is None:
        raise Invalid(
            "setting.no_broker",
            _("请先用 SHAODAO_BROKER 写明消息中间件的地址，例如 redis://host:6379/0。"),
        )
    return settings.broker


def counter_url(text: str) -> str:
    """Check where login tries are counted: in each process, or in one Redis for all."""
    if not text.startswith(COUNTERS):
        raise Invalid(
            "setting.throttle",
            _("SHAODAO_THROTTLE 应是 memory:// 或以 redis:// 开头的地址。"),
        )
    return text


def networks(text: str) -> tuple[str, ...]:
    """Read addresses and networks, separated by commas."""
    named = tuple(part.strip() for part in text.split(",") if part.strip())
    for each in named:
        try:
            ip_network(each)
        except ValueError as error:
            raise Invalid(
                "setting.proxies",
                _("SHAODAO_PROXIES 里的“{text}”不是 IP 地址或网段。", text=each),
            ) from error
    return named
