"""How fast an article becomes an episode, beside what a user would do instead.

    python -m benchmarks.speed [--words 2000 20000] [--json] [--plot benchmarks/speed.png]

The same words, 64 kbit/s at LAME quality 5: audiostory, cold and with everything on;
`espeak-ng --stdout | lame`, with the system's espeak-ng; the pyttsx3 and pydub script of the
tutorials (peers/naive.py); and the floor (peers/floor.py): the engine's processor time for these
words in one voice, and LAME's, scaled to the length of what audiostory made, divided by the cores.
Peers speak in one voice at one rate, so that their sound is not as long as audiostory's: audio_s,
pipe_audio_s and naive_audio_s say how long each is. Each is run so often, by turns, and the median
counts. It needs espeak-ng, lame and ffmpeg.
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
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
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
    "peak_memory_mb": "peak memory (PSS), MB",
    "peak_rss_mb": "the same, shared pages counted for each process (RSS)",
}


def main() -> int:
    """Measure each size, and print a table or one JSON object: that of the largest size."""
    parser = argparse.ArgumentParser(description="Compare the speed of making episodes.")
    parser.add_argument("--words", type=int, nargs="+", default=[2000, 20_000])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--repeat", type=int, default=3, help="how often each is run")
    parser.add_argument("--plot", type=Path, help="PNG file of time over words")
    arguments = parser.parse_args()
    results = [_measure(words, arguments.repeat) for words in sorted(arguments.words)]
    for name, key in (("growth", "audiostory_s"), ("memory_growth", "peak_memory_mb")):
        first, last = results[0], results[-1]
        by = last[key] / first[key]
        by /= last["words"] / first["words"] if name == "growth" else 1
        results[-1][name] = round(by, 3) if len(results) > 1 else None
    if arguments.plot:
        _plot(results, arguments.plot)
    if arguments.json:
        print(json.dumps(results[-1]))
    else:
        _print_table(results)
    return 0


def _measure(words: int, repeat: int) -> dict[str, Any]:
    """What is measured of an article of so many words."""
    runs = []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(_run_all(Path(folder), words))
    found = {key: median(run[key] for run in runs) for key in runs[0]}
    ratios = {
        "floor_ratio": found["floor_s"] / found["audiostory_s"],
        "vs_pipe": found["pipe_s"] / found["audiostory_s"],
        "vs_naive": found["naive_s"] / found["audiostory_s"],
        "scaling_2": found["one_s"] / found["two_s"],
        "incremental": found["incremental_s"] / found["audiostory_s"],
        "unchanged": found["unchanged_s"] / found["audiostory_s"],
    }
    return {"words": words, **{key: round(it, 3) for key, it in {**found, **ratios}.items()}}


def _run_all(folder: Path, words: int) -> dict[str, float]:
    """Seconds of each once, with the lengths of what they made and audiostory's peak memory."""
    cores = len(os.sched_getaffinity(0))
    page, text = folder / "article.html", folder / "article.txt"
    pipe, naive = folder / "pipe.mp3", folder / "naive.mp3"
    write_page(words, page)
    text.write_text("\n\n".join(spoken_text(page)), "utf-8")
    speak = f"espeak-ng -v en-us --stdout -f '{text}'"
    # Beyond 13 hours there are more samples than the header of a WAV file can say.
    encode = f"lame --quiet --ignorelength -m m -b 64 -q 5 - '{pipe}'"
    piped = ["bash", "-o", "pipefail", "-c", f"{speak} | {encode}"]

    cold_s, cold = _make(page, folder / "a", cores)
    memory = _peaks(page, folder / "m", cores)
    pipe_s = _timed(piped)
    naive_s = _timed([sys.executable, str(_PEERS / "naive.py"), str(text), str(naive)])
    floor = json.loads(_output([sys.executable, str(_PEERS / "floor.py"), str(text)]))
    floor_s = floor["engine_s"] + floor["lame_s"] * cold["duration_s"] / floor["audio_s"]
    one_s, _ = _make(page, folder / "b", 1)
    two_s = cold_s if cores == 2 else _make(page, folder / "c", 2)[0]
    before = _hashes(folder / "a")
    unchanged_s, unchanged = _make(page, folder / "a", cores)
    assert unchanged["rendered"] == 0, unchanged
    assert _hashes(folder / "a") == before, "a second run changed a file"
    write_page(words, page, edited=True)
    incremental_s, incremental = _make(page, folder / "a", cores)
    assert incremental["rendered"] == 1, incremental
    return {
        "audiostory_s": cold_s,
        "audio_s": cold["duration_s"],
        "pipe_s": pipe_s,
        "pipe_audio_s": _length_s(pipe),
        "naive_s": naive_s,
        "naive_audio_s": _length_s(naive),
        "floor_s": floor_s / cores,
        "one_s": one_s,
        "two_s": two_s,
        "unchanged_s": unchanged_s,
        "incremental_s": incremental_s,
        **memory,
    }


def _length_s(path: Path) -> float:
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"]
    return float(_output([*command, str(path)]))


def _make(page: Path, folder: Path, workers: int) -> tuple[float, dict[str, Any]]:
    """Seconds, and the episode's event."""
    begin = time.perf_counter()
    printed = _output(_command(page, folder, workers))
    seconds = time.perf_counter() - begin
    last = json.loads(printed.splitlines()[-1])
    assert last["event"] == "episode", last
    return seconds, last


def _command(page: Path, folder: Path, workers: int) -> list[str]:
    command = [sys.executable, "-m", "audiostory", "make", str(page), "--json"]
    command += ["--workers", str(workers), "--cache", f"{folder}/cache", "-o", f"{folder}/output"]
    return command


def _peaks(page: Path, folder: Path, workers: int) -> dict[str, float]:
    """The peak of the memory of all processes in MB, in a run of its own: looking takes time."""
    peak = {"peak_memory_mb": 0.0, "peak_rss_mb": 0.0}
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(_command(page, folder, workers), stdout=printed)
        _watch(process, peak)
    assert process.returncode == 0
    return peak


def _watch(process: subprocess.Popen[bytes], peak: dict[str, float]) -> None:
    while process.poll() is None:
        found = list(_memory_mb(process.pid))
        for key, sizes in zip(peak, zip(*found, strict=True), strict=False):
            peak[key] = max(peak[key], sum(sizes))
        time.sleep(_SAMPLED_S)


def _memory_mb(pid: int) -> Iterator[tuple[float, float]]:
    """Each process's memory: with what several share divided among them (PSS), and whole (RSS)."""
    try:
        parent = psutil.Process(pid)
        processes = [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return
    for process in processes:
        try:
            memory = process.memory_full_info()
        except psutil.Error:
            continue
        yield memory.pss / 1e6, memory.rss / 1e6


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
    for number, (name, cells) in enumerate(rows.items()):
        print(f"| {name} | {' | '.join(map(str, cells))} |")
        if number == 0:
            print(f"|---|{'---|' * len(results)}")
    print(f"\ntime a word, largest to smallest: {results[-1]['growth']}")
    print(f"memory, largest to smallest: {results[-1]['memory_growth']}")


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
