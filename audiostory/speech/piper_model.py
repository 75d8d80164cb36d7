"""A voice of Piper that says the same in the same way, whatever it said before.

Its model (VITS) draws noise. onnxruntime seeds a node's generator when a session is opened, and
draws on from there at each run: neither onnxruntime.set_seed nor a seed in the model makes two runs
of one session equal, and opening a session takes as long as speaking a sentence. Without noise
(scales of 0) voices sound flat. So the model is changed as it is opened: each node that draws noise
takes it from a table of it instead, from the same place each time.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from audiostory.errors import EngineError

if TYPE_CHECKING:
    import onnx
    import onnxruntime
    from piper import PiperVoice

    from audiostory.speech.piper_files import PiperFile
    from audiostory.speech.piper_marks import Spell

# Raise it when what this file does changes what is heard.
REVISION = 1

_TABLE = "audiostory_noise"
_TABLE_SIZE = 1_000_003  # a prime: rows of what is filled with it do not begin alike
_STEP = 7919  # between the places at which nodes begin
_SEED = 1
_RANDOM = ("RandomNormalLike", "RandomNormal", "RandomUniformLike", "RandomUniform")
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")
_DRAWING = (*_RANDOM, "Bernoulli", "Multinomial")


class PiperModel:
    """An opened voice. Raises EngineError where its files cannot be used."""

    def __init__(self, file: PiperFile) -> None:
        try:
            self._open(file)
        except EngineError:
            raise
        except ImportError as error:
            raise not_installed() from error
        except Exception as error:  # Those of onnx, protobuf and onnxruntime have no other base.
            raise EngineError(
                f"The voice {file.model} cannot be opened: {type(error).__name__}.",
                f"Fetch it again: audiostory voices add piper/{file.name}",
            ) from error

    def _open(self, file: PiperFile) -> None:
        import onnx
        from piper import PiperVoice
        from piper.config import PiperConfig

        logging.getLogger("piper").addHandler(logging.NullHandler())  # else it warns on stderr
        model = onnx.load(str(file.model), load_external_data=False)
        self._is_steady = _with_table(model)
        _tell_durations(model)
        self._model = model.SerializeToString()
        self._voice = PiperVoice(
            session=self._session(),
            config=PiperConfig.from_dict(json.loads(file.config.read_bytes())),
            download_dir=file.model.parent,
        )
        if self._is_steady:
            self._model = b""

    def _session(self) -> onnxruntime.InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # Processes speak side by side; and sums do not depend on how many cores there are.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it would keep what the longest sentence took
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            self._model, sess_options=options, providers=["CPUExecutionProvider"]
        )

    @property
    def voice(self) -> PiperVoice:
        """Ready to speak: with a session of its own where noise is left that no table gives."""
        if not self._is_steady:
            self._voice.session = self._session()
        return self._voice

    @property
    def spell(self) -> Spell | None:
        """The phonemes of a word said alone; None where finding them takes long."""
        quick = str(self._voice.config.phoneme_type.value) in ("espeak", "text")
        return self._spelled if quick else None

    def _spelled(self, word: str) -> list[str]:
        sentences = self._voice.phonemize(plain(word))
        return [phoneme for sentence in sentences for phoneme in sentence]


def plain(text: str) -> str:
    """A text in which Piper finds no [[phonemes]], and C no end."""
    return text.replace("[[", "[ [").translate(_CONTROLS)


def not_installed() -> EngineError:
    """What to do when Piper is not there."""
    return EngineError(
        "Piper is not installed, or not whole.", "Install it: pip install 'audiostory[piper]'"
    )


def _with_table(model: onnx.ModelProto) -> bool:
    """Give nodes that draw noise the table of it. False where one is left that still draws.

    What is left gets a seed: then a session of its own makes it say the same.
    """
    from onnx import numpy_helper

    noise = np.random.RandomState(_SEED).standard_normal(_TABLE_SIZE).astype(np.float32)
    steady, found = True, 0
    for graph in _graphs(model.graph):
        nodes: list[onnx.NodeProto] = []
        for node in graph.node:
            if node.op_type not in _DRAWING:
                nodes.append(node)
                continue
            found += 1
            if node.op_type == "RandomNormalLike" and _value(node, "dtype", 1) == 1:
                nodes += _looked_up(node, found)
            else:
                steady = False
                nodes.append(_seeded(node, found))
        del graph.node[:]
        graph.node.extend(nodes)
    if found:
        model.graph.initializer.append(numpy_helper.from_array(noise, _TABLE))
    return steady


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """A graph, after those of its branches and loops."""
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from _graphs(attribute.g)
    yield graph


def _looked_up(node: onnx.NodeProto, number: int) -> list[onnx.NodeProto]:
    """Nodes that give the shape of RandomNormalLike's input out of the table, round and round."""
    from onnx.helper import make_node

    own = f"{_TABLE}_{number}"
    begin, one, size = f"{own}_begin", f"{own}_one", f"{own}_size"
    steps = [
        _constant(begin, np.int64(number * _STEP)),
        _constant(one, np.int64(1)),
        _constant(size, np.int64(_TABLE_SIZE)),
        _constant(f"{own}_mean", np.float32(_value(node, "mean", 0.0))),
        _constant(f"{own}_scale", np.float32(_value(node, "scale", 1.0))),
        make_node("Shape", [node.input[0]], [f"{own}_shape"]),
        make_node("Size", [node.input[0]], [f"{own}_count"]),
        make_node("Add", [begin, f"{own}_count"], [f"{own}_end"]),
        make_node("Range", [begin, f"{own}_end", one], [f"{own}_range"]),
        make_node("Mod", [f"{own}_range", size], [f"{own}_places"]),
        make_node("Gather", [_TABLE, f"{own}_places"], [f"{own}_drawn"]),
        make_node("Mul", [f"{own}_drawn", f"{own}_scale"], [f"{own}_scaled"]),
        make_node("Add", [f"{own}_scaled", f"{own}_mean"], [f"{own}_moved"]),
        make_node("Reshape", [f"{own}_moved", f"{own}_shape"], [node.output[0]]),
    ]
    for step in steps:
        step.name = step.output[0] if step.output[0] != node.output[0] else f"{own}_noise"
    return steps


def _constant(name: str, value: np.generic) -> onnx.NodeProto:
    from onnx import numpy_helper
    from onnx.helper import make_node

    return make_node("Constant", [], [name], value=numpy_helper.from_array(np.asarray(value), name))


def _value(node: onnx.NodeProto, name: str, default: float) -> Any:
    from onnx.helper import get_attribute_value

    return next((get_attribute_value(a) for a in node.attribute if a.name == name), default)


def _seeded(node: onnx.NodeProto, number: int) -> onnx.NodeProto:
    from onnx.helper import make_attribute

    others = [attribute for attribute in node.attribute if attribute.name != "seed"]
    del node.attribute[:]
    node.attribute.extend([*others, make_attribute("seed", float(number))])
    return node


def _tell_durations(model: onnx.ModelProto) -> None:
    """Have the model give how long each phoneme is, as piper.patch_voice_with_alignment does.

    The one tensor that is rounded up is the frames of each phoneme.
    """
    from onnx.helper import make_empty_tensor_value_info

    rounded = [node.output[0] for node in model.graph.node if node.op_type == "Ceil"]
    if len(model.graph.output) == 1 and len(rounded) == 1:
        model.graph.output.append(make_empty_tensor_value_info(rounded[0]))
