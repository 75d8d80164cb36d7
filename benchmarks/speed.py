"""How fast an article becomes an episode, beside what a user would do instead.

    python -m benchmarks.speed [--words 2000 20000] [--json] [--plot benchmarks/speed.png]

The same words, the same engine (espeak-ng), 64 kbit/s at LAME quality 5:
audiostory, cold and with everything on; `espeak-ng --stdout | lame`; the pyttsx3 and pydub script
of the tutorials (peers/naive.py); and the floor (peers/floor.py): the engine's and LAME's own
time, scaled to the sound that audiostory made (its announcements and pauses included), divided
by the cores. It needs espeak-ng, lame and ffmpeg.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from PIL import Image, ImageDraw

from benchmarks.texts import spoken_text, write_page

_PEERS = Path(__file__).parent / "peers"
_SAMPLED_S = 0.1
_RATIOS = {
    "floor_ratio": "floor : audiostory",
    "vs_pipe": "espeak-ng piped to lame : audiostory",
    "vs_naive": "pyttsx3 + pydub : audiostory",
    "scaling_2": "one worker : two",
    "incremental": "one sentence changed : cold",
    "unchanged": "nothing changed : cold",
    "peak_memory_mb": "peak memory, MB",
}

_COLOURS = ("#1b6ca8", "#888888", "#c0392b", "#2e8b57")


def main() -> int:
    """Measure each size, and print a table or one JSON object: that of the largest size."""
    parser = argparse.ArgumentParser(description="Compare the speed of making episodes.")
    parser.add_argument("--words", type=int, nargs="+", default=[2000, 20_000])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--plot", type=Path, help="PNG file of time over words")
    arguments = parser.parse_args()
    results = [_measure(words) for words in sorted(arguments.words)]
    a_word = [it["audiostory_s"] / it["words"] for it in results]
    results[-1]["growth"] = round(a_word[-1] / a_word[0], 3)
    if arguments.plot:
        _plot(results, arguments.plot)
    if arguments.json:
        print(json.dumps(results[-1]))
    else:
        _print_table(results)
    return 0


def _measure(words: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return _measure_in(Path(folder), words)


def _measure_in(folder: Path, words: int) -> dict[str, Any]:
    cores = len(os.sched_getaffinity(0))
    page, text = folder / "article.html", folder / "article.txt"
    write_page(words, page)
    text.write_text("\n\n".join(spoken_text(page)), "utf-8")

    cold_s, cold, peak_mb = _make(page, folder / "a", cores)
    before = _hashes(folder / "a")
    unchanged_s, unchanged, _ = _make(page, folder / "a", cores)
    assert _hashes(folder / "a") == before, "a second run changed a file"
    write_page(words, page, edited=True)
    incremental_s, incremental, _ = _make(page, folder / "a", cores)
    write_page(words, page)
    one_s, _, _ = _make(page, folder / "b", 1)
    two_s, _, _ = _make(page, folder / "c", 2)

    pipe = f"espeak-ng -v en-us --stdout -f {text} | lame --quiet -m m -b 64 -q 5 - {folder}/p.mp3"
    pipe_s = _timed(["sh", "-c", pipe])
    naive_s = _timed([sys.executable, str(_PEERS / "naive.py"), str(text), f"{folder}/naive.mp3"])
    floor = json.loads(_output([sys.executable, str(_PEERS / "floor.py"), str(text)]))
    floor_s = floor["engine_s"] + floor["lame_s"] * cold["duration_s"] / floor["audio_s"]
    return {
        "words": words,
        "audio_s": cold["duration_s"],
        "audiostory_s": round(cold_s, 2),
        "pipe_s": round(pipe_s, 2),
        "naive_s": round(naive_s, 2),
        "floor_s": round(floor_s / cores, 2),
        "floor_ratio": round(floor_s / cores / cold_s, 3),
        "vs_pipe": round(pipe_s / cold_s, 2),
        "vs_naive": round(naive_s / cold_s, 2),
        "scaling_2": round(one_s / two_s, 2),
        "peak_memory_mb": round(peak_mb),
        "incremental": round(incremental_s / cold_s, 3),
        "incremental_rendered": incremental["rendered"],
        "unchanged": round(unchanged_s / cold_s, 3),
        "unchanged_rendered": unchanged["rendered"],
    }


def _make(page: Path, folder: Path, workers: int) -> tuple[float, dict[str, Any], float]:
    """Seconds, the episode's event, and the peak of the memory of all processes in MB."""
    command = [sys.executable, "-m", "audiostory", "make", str(page), "--json"]
    command += ["--workers", str(workers), "--cache", f"{folder}/cache", "-o", f"{folder}/output"]
    peak = [0.0]
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    watch = threading.Thread(target=_watch, args=(process, peak))
    watch.start()
    printed, _ = process.communicate()
    seconds = time.perf_counter() - begin
    watch.join()
    last = json.loads(printed.splitlines()[-1])
    assert last["event"] == "episode", last
    return seconds, last, peak[0]


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_memory_mb(process.pid)))
        time.sleep(_SAMPLED_S)


def _memory_mb(pid: int) -> Iterator[float]:
    """Each process's memory; what several share is divided among them (PSS)."""
    try:
        parent = psutil.Process(pid)
        processes = [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return
    for process in processes:
        try:
            yield process.memory_full_info().pss / 1e6
        except psutil.Error:
            continue


def _hashes(folder: Path) -> dict[str, str]:
    files = (path for path in (folder / "output").rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _timed(command: list[str]) -> float:
    begin = time.perf_counter()
    _output(command)
    return time.perf_counter() - begin


def _output(command: list[str]) -> bytes:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def _print_table(results: list[dict[str, Any]]) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    rows = {"": [f"{it['words']:,} words" for it in results]}
    rows |= {name: [it[key] for it in results] for key, name in _RATIOS.items()}
    rows["passages rendered, one changed"] = [it["incremental_rendered"] for it in results]
    for number, (name, cells) in enumerate(rows.items()):
        print(f"| {name} | {' | '.join(map(str, cells))} |")
        if number == 0:
            print(f"|---|{'---|' * len(results)}")
    print(f"\ntime a word, largest to smallest: {results[-1]['growth']}")


def _plot(results: list[dict[str, Any]], path: Path) -> None:
    """Seconds over words: a line each for audiostory, its peers and the floor."""
    width, height, edge = 720, 440, 60
    lines = {
        "audiostory_s": "#1b6ca8",
        "pipe_s": "#888888",
        "naive_s": "#c0392b",
        "floor_s": "#2e8b57",
    }
    most_words = max(it["words"] for it in results)
    most_s = max(it[key] for it in results for key in lines)
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    draw.line([(edge, edge), (edge, height - edge), (width - edge, height - edge)], "black")
    draw.text((edge, edge - 20), f"seconds (to {most_s:.0f})", "black")
    draw.text((width - edge - 110, height - edge + 10), f"words (to {most_words:,})", "black")
    for number, (key, colour) in enumerate(lines.items()):
        points = [(edge, height - edge)]
        points += [
            (
                edge + it["words"] / most_words * (width - 2 * edge),
                height - edge - it[key] / most_s * (height - 2 * edge),
            )
            for it in results
        ]
        draw.line(points, colour, 3)
        draw.text((edge + 20, edge + 10 + 18 * number), key.removesuffix("_s"), colour)
    picture.save(path)


if __name__ == "__main__":
    raise SystemExit(main())
