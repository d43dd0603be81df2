"""Checks that weights are the files that they were: those that Haru came with, and the operator's own."""

from __future__ import annotations

from collections.abc import Iterator

import settings
from web.admin_commands.checks.finding import Finding

_OWN = ("voice", "face", "words", "music")


def findings() -> Iterator[Finding]:
    # These load torch, and the other commands shall not wait for it.
    from inference import custom_weights, shipped
    from inference.weights import WeightsError
    from stt import model_folder, predict

    wrong = shipped.changed_or_missing()
    for file in wrong:
        name = file.relative_to(settings.PROJECT)
        yield Finding("weights", f"{name} is not as Haru came with it.", f"git checkout -- {name}")
    if not wrong:
        yield Finding("weights", f"The checksums of all {len(shipped.checksums())} files that Haru came with fit.")
    for sense in _OWN:
        try:
            own = custom_weights.own_weights(sense)
        except WeightsError as error:
            yield Finding("own weights", f"Those for {sense} cannot be used.", str(error))
        else:
            if own is not None:
                yield Finding("own weights", f"{own} fits its checksum.")
    if settings.SPEECH_MODEL.get() is not None:
        try:
            model_folder.check(predict.model_in_use())
            yield Finding("speech model", f"{predict.model_in_use()} fits its checksums.")
        except WeightsError as error:
            yield Finding("speech model", "It cannot be used.", str(error))
