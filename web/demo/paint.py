"""Photos for the demo, painted by ourselves: nobody's street, nobody's copyright."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

WIDE, HIGH = 1280, 960
HORIZON = 380  # where the wall ends and the ground begins, in pixels from the top
Colour = tuple[int, int, int]


def manhole() -> bytes:
    """Paint a road with a manhole whose cover has slid aside."""
    page, draw, chance = street(seed=1, wall=(176, 168, 154), ground=(96, 98, 102))
    draw.polygon([(120, HIGH), (230, HORIZON), (262, HORIZON), (220, HIGH)], fill=(214, 208, 190))
    for _each in range(7):
        x, y = chance.randint(380, 880), chance.randint(540, 780)
        draw.line(crack(chance, x, y), fill=(60, 60, 63), width=4)
    draw.ellipse((470, 560, 850, 760), fill=(58, 58, 60))
    draw.ellipse((492, 572, 828, 748), fill=(14, 14, 16))
    draw.ellipse((690, 640, 1070, 850), fill=(52, 50, 48))
    draw.ellipse((690, 624, 1070, 834), fill=(122, 112, 100))
    for ring in range(1, 5):
        inset = ring * 34
        box = (690 + inset, 624 + inset * 0.55, 1070 - inset, 834 - inset * 0.55)
        draw.ellipse(box, outline=(92, 84, 74), width=7)
    return finished(page)


def litter() -> bytes:
    """Paint rubbish bags piled against a wall beside a full bin."""
    page, draw, chance = street(seed=2, wall=(196, 186, 166), ground=(140, 136, 128))
    draw.rectangle((150, 300, 400, 700), fill=(44, 96, 74))
    draw.rectangle((130, 270, 420, 320), fill=(36, 78, 60))
    bags: tuple[Colour, ...] = ((38, 40, 44), (196, 60, 52), (232, 230, 222), (54, 74, 120))
    for row in reversed(range(3)):
        for place in range(7 - row):
            x = 400 + place * 105 + row * 50 + chance.randint(-14, 14)
            y = 610 - row * 92 + chance.randint(-10, 10)
            bag(draw, x, y, chance.choice(bags))
    for _each in range(60):
        x, y = chance.randint(120, 1180), chance.randint(730, 900)
        scrap = (x, y, x + chance.randint(8, 34), y + chance.randint(5, 16))
        draw.rectangle(scrap, fill=chance.choice(bags[1:]))
    return finished(page)


def flooding() -> bytes:
    """Paint a road under water that mirrors the wall, with a kerb just out of it."""
    page, draw, chance = street(seed=3, wall=(168, 172, 178), ground=(104, 106, 108))
    draw.rectangle((0, HORIZON + 90, WIDE, HIGH), fill=(112, 126, 138))
    for _each in range(260):
        y = chance.randint(HORIZON + 96, HIGH)
        x, length = chance.randint(-60, WIDE), 20 + (y - HORIZON) // 3
        shade = chance.randint(-16, 22)
        tone = (118 + shade, 132 + shade, 146 + shade)
        draw.line((x, y, x + length, y), fill=tone, width=2 + (y - HORIZON) // 150)
    draw.polygon([(0, 520), (WIDE, 470), (WIDE, 492), (0, 548)], fill=(178, 174, 164))
    draw.rectangle((940, 150, 958, 640), fill=(88, 92, 96))
    draw.ellipse((906, 120, 992, 206), fill=(206, 60, 52), outline=(240, 236, 228), width=9)
    return finished(page)


PHOTOS: Final[Mapping[str, Callable[[], bytes]]] = {
    "manhole": manhole,
    "litter": litter,
    "flooding": flooding,
}


def street(
    *, seed: int, wall: Colour, ground: Colour
) -> tuple[Image.Image, ImageDraw.ImageDraw, random.Random]:
    """Paint a wall of bricks over a ground with grit; the same every time for a seed."""
    chance = random.Random(seed)  # noqa: S311 - paint, no secret
    page = Image.new("RGB", (WIDE, HIGH), ground)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, WIDE, HORIZON), fill=wall)
    for row, y in enumerate(range(0, HORIZON, 38)):
        draw.line((0, y, WIDE, y), fill=darker(wall, 14), width=3)
        for x in range(-(row % 2) * 55, WIDE, 110):
            draw.line((x, y, x, min(y + 38, HORIZON)), fill=darker(wall, 14), width=3)
    draw.rectangle((0, HORIZON, WIDE, HORIZON + 26), fill=darker(ground, -34))
    for _each in range(9000):
        x, y = chance.randrange(WIDE), chance.randint(HORIZON + 26, HIGH)
        size = chance.choice((1, 1, 2, 3))
        draw.ellipse((x, y, x + size, y + size), fill=darker(ground, chance.randint(-26, 26)))
    return page, draw, chance


def darker(colour: Colour, by: int) -> Colour:
    """Return a colour made darker, or lighter where `by` is negative."""
    red, green, blue = (min(255, max(0, part - by)) for part in colour)
    return red, green, blue


def crack(chance: random.Random, x: int, y: int) -> list[tuple[int, int]]:
    """Return the way of a crack that wanders off from a point."""
    way = [(x, y)]
    for _each in range(6):
        x, y = x + chance.randint(-46, 46), y + chance.randint(6, 34)
        way.append((x, y))
    return way


def bag(draw: ImageDraw.ImageDraw, x: int, y: int, colour: Colour) -> None:
    """Paint a tied rubbish bag."""
    draw.ellipse((x, y + 24, x + 140, y + 160), fill=darker(colour, 18))
    draw.ellipse((x + 4, y + 20, x + 128, y + 146), fill=colour)
    draw.polygon(
        [(x + 52, y + 30), (x + 34, y - 8), (x + 96, y - 8), (x + 80, y + 30)], fill=colour
    )
    draw.arc((x + 26, y + 44, x + 92, y + 128), 120, 220, fill=darker(colour, -30), width=6)


def finished(page: Image.Image) -> bytes:
    """Return a painting as a JPEG, a little out of focus as from a phone in a hurry."""
    out = BytesIO()
    page.filter(ImageFilter.GaussianBlur(1.4)).save(out, "JPEG", quality=84)
    return out.getvalue()
