"""PDFs for tests: printed by Chromium, drawn by Pillow, or written by hand."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

from PIL import Image

BROWSER = next((n for n in ("chromium", "chromium-browser") if shutil.which(n)), "chromium")


def printed(page: Path, folder: Path, *options: str) -> bytes:
    """A page as Chromium prints it."""
    profile = folder / f"profile-{page.stem}"
    result = folder / f"{page.stem}.pdf"
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += [f"--user-data-dir={profile}", *options, f"--print-to-pdf={result}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    shutil.rmtree(profile, ignore_errors=True)
    return result.read_bytes()


def scan() -> bytes:
    """A page that is nothing but a picture."""
    data = BytesIO()
    with Image.new("L", (400, 600), 250) as picture:
        picture.save(data, "PDF")
    return data.getvalue()


def written(
    *contents: str, info: str = "", trailer: str = "", extra_kid: str = "", page: str = ""
) -> bytes:
    """A PDF with a page for each content stream; a picture where a stream draws /Im."""
    kids = " ".join(f"{10 + 2 * n} 0 R" for n in range(len(contents)))
    parts = [
        "%PDF-1.7",
        "1 0 obj\n<</Type/Catalog/Pages 2 0 R/Lang(en-GB)>>\nendobj",
        f"2 0 obj\n<</Type/Pages/Count {len(contents) + bool(extra_kid)}/Kids[{kids} {extra_kid}]>>"
        "\nendobj",
        "3 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj",
        "4 0 obj\n<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8"
        "/ColorSpace/DeviceGray/Length 1>>\nstream\n@\nendstream\nendobj",
        f"5 0 obj\n<<{info}>>\nendobj",
    ]
    for number, content in enumerate(contents):
        own, stream = 10 + 2 * number, 11 + 2 * number
        parts += [
            f"{own} 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {stream} 0 R"
            f"/Resources<</Font<</F 3 0 R>>/XObject<</Im 4 0 R>>>>{page}>>\nendobj",
            f"{stream} 0 obj\n<</Length {len(content)}>>\nstream\n{content}\nendstream\nendobj",
        ]
    parts.append(f"trailer\n<</Root 1 0 R/Info 5 0 R/Size 99 {trailer}>>\n%%EOF\n")
    return "\n".join(parts).encode("latin-1")


def lines(*texts: str, size: int = 12, top: int = 700, left: int = 72) -> str:
    """A content stream that draws lines of text one below the other."""
    drawn = [f"BT /F {size} Tf {left} {top - 15 * n} Td ({t}) Tj ET" for n, t in enumerate(texts)]
    return "\n".join(drawn)


PICTURE = "q 500 0 0 700 50 50 cm /Im Do Q"
