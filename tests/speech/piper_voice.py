"""A tiny voice of Piper: a model of the same inputs and outputs, whose speech is a tone.

Each phoneme takes some 24 ms, longer or shorter by the length scale; noise moves how long each is
and roughens the tone, as in Piper's own models.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

SAMPLE_RATE_HZ, HOP = 16000, 64
_FRAMES = 5.5  # a phoneme, before they are rounded up


def build_piper_voice(
    folder: Path,
    name: str = "en_US-lessac-low",
    speakers: int = 1,
    *,
    random: str = "RandomNormalLike",
    phoneme_type: str = "espeak",
) -> Path:
    """Write NAME.onnx and NAME.onnx.json into a folder, and give the model's path.

    name: language, data set and quality as Piper has them (ru_RU-irina-medium). speakers: how
    many; several are called one, two, three, … random: the operator that draws noise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.onnx"
    onnx.save(_model(speakers, random), str(path))
    path.with_name(f"{name}.onnx.json").write_text(
        json.dumps(_config(name, speakers, phoneme_type)), "utf-8"
    )
    return path


def _config(name: str, speakers: int, phoneme_type: str) -> dict[str, object]:
    code, _, rest = name.partition("-")
    names = ("one", "two", "three", "four", "five", "six")
    espeak = {"en_US": "en-us", "en_GB": "en-gb-x-rp"}.get(code, code.partition("_")[0])
    return {
        "audio": {"sample_rate": SAMPLE_RATE_HZ, "quality": rest.rpartition("-")[2]},
        "espeak": {"voice": espeak},
        "language": {"code": code},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_type": phoneme_type,
        "num_symbols": 256,
        "num_speakers": speakers,
        "speaker_id_map": {
            names[i] if i < len(names) else f"p{i}": i for i in range(speakers) if speakers > 1
        },
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
        "hop_length": HOP,
    }


def _model(speakers: int, random: str) -> onnx.ModelProto:
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if speakers > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, "samples"])
    graph = helper.make_graph(
        _durations(random) + _tone(random, speakers > 1), "tiny", inputs, [output], _constants()
    )
    opset = [helper.make_opsetid("", 15)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.checker.check_model(model)
    return model


def _constants() -> list[onnx.TensorProto]:
    values = {
        "zero": np.int64(0),
        "one": np.int64(1),
        "two": np.int64(2),
        "frames": np.float32(_FRAMES),
        "unevenness": np.float32(0.15),
        "hop": np.float32(HOP),
        "turn": np.float32(2 * np.pi / SAMPLE_RATE_HZ),
        "hertz": np.float32(120),
        "loudness": np.float32(0.3),
        "roughness": np.float32(0.01),
        "as_one_row": np.array([1, 1, -1], np.int64),
    }
    return [numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()]


def _durations(random: str) -> list[onnx.NodeProto]:
    """Frames of each phoneme: w_ceil, of shape (1, 1, phonemes)."""
    node = helper.make_node
    return [
        node("Gather", ["scales", "zero"], ["noise_scale"]),
        node("Gather", ["scales", "one"], ["length_scale"]),
        node("Gather", ["scales", "two"], ["noise_w"]),
        node("Cast", ["input"], ["phonemes"], to=TensorProto.FLOAT),
        node("Reshape", ["phonemes", "as_one_row"], ["row"]),
        node(random, ["row"], ["drawn_w"]),
        node("Mul", ["drawn_w", "noise_w"], ["noise_w_scaled"]),
        node("Mul", ["noise_w_scaled", "unevenness"], ["uneven"]),
        node("Add", ["frames", "uneven"], ["w"]),
        node("Mul", ["w", "length_scale"], ["w_long"]),
        node("Ceil", ["w_long"], ["w_ceil"]),
    ]


def _tone(random: str, has_speakers: bool) -> list[onnx.NodeProto]:
    """A sine as long as the durations; of a higher speaker a higher one."""
    node = helper.make_node
    pitch = (
        [
            node("ReduceSum", ["sid"], ["speaker"], keepdims=0),
            node("Add", ["speaker", "one"], ["speaker_1"]),
            node("Cast", ["speaker_1"], ["times"], to=TensorProto.FLOAT),
            node("Mul", ["times", "hertz"], ["pitch"]),
        ]
        if has_speakers
        else [node("Identity", ["hertz"], ["pitch"])]
    )
    return [
        *pitch,
        node("ReduceSum", ["w_ceil"], ["all_frames"], keepdims=0),
        node("Mul", ["all_frames", "hop"], ["samples_f"]),
        node("Cast", ["samples_f"], ["samples"], to=TensorProto.INT64),
        node("Range", ["zero", "samples", "one"], ["places"]),
        node("Cast", ["places"], ["places_f"], to=TensorProto.FLOAT),
        node("Mul", ["places_f", "turn"], ["turns"]),
        node("Mul", ["turns", "pitch"], ["angles"]),
        node("Sin", ["angles"], ["sine"]),
        node("Mul", ["sine", "loudness"], ["tone"]),
        node(random, ["tone"], ["drawn"]),
        node("Mul", ["drawn", "noise_scale"], ["noise"]),
        node("Mul", ["noise", "roughness"], ["rough"]),
        node("Add", ["tone", "rough"], ["sound"]),
        node("Reshape", ["sound", "as_one_row"], ["output"]),
    ]
