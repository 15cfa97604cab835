"""A push or a pull that was made, with what became of each blob, as rows and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dockerlab.notebook.diagrams.wording import plural, size_text
from dockerlab.notebook.widgets.wiretap import HERE, MOUNTED, SENT, THERE, Parcel
from dockerlab.oci.reference import Reference


@dataclass(frozen=True, slots=True)
class Transfer:
    """A push or a pull that was made."""

    direction: str
    name: str
    parcels: tuple[Parcel, ...]

    @property
    def sent(self) -> int:
        """Bytes that went over the wire."""
        return sum(parcel.size for parcel in self.parcels if parcel.fate == SENT)

    @property
    def domain(self) -> str:
        """The registry that it led to or from."""
        return Reference.on_daemon(self.name).domain

    @property
    def whole(self) -> int:
        """Bytes of all that belongs to the image."""
        return sum(parcel.size for parcel in self.parcels)


def row(parcel: Parcel, most: int) -> dict[str, Any]:
    """A blob for the front end."""
    return {
        "key": f"{parcel.kind}:{parcel.digest.short}",
        "kind": parcel.kind,
        "name": parcel.name,
        "digest": parcel.digest.short,
        "size": size_text(parcel.size),
        "width": round(100 * parcel.size / most, 2) if most else 0,
        "fate": parcel.fate,
        "words": words(parcel),
        "turn": parcel.turn,
    }


def words(parcel: Parcel) -> str:
    """What became of a blob."""
    return {
        SENT: f"travels, {size_text(parcel.size)}",
        MOUNTED: f"mounted from {parcel.source}",
        THERE: "already exists there",
        HERE: "already exists here",
    }[parcel.fate]


def share(transfer: Transfer) -> float:
    """How much of the whole image travelled, in percent."""
    return round(100 * transfer.sent / transfer.whole, 2) if transfer.whole else 0


def summary(transfer: Transfer | None) -> str:
    """What travelled, all in all."""
    if transfer is None:
        return "What will travel? Guess, then press the button."
    layers = [parcel for parcel in transfer.parcels if parcel.kind == "layer"]
    sent = sum(parcel.fate == SENT for parcel in layers)
    rest = [
        f"{count} {what}"
        for fate, what in ((MOUNTED, "mounted"), (THERE, "there already"), (HERE, "here already"))
        if (count := sum(parcel.fate == fate for parcel in layers))
    ]
    bytes_told = f"{size_text(transfer.sent)} of {size_text(transfer.whole)} travelled"
    layers_told = f"{sent} of {plural(len(layers), 'layer')}"
    return f"{bytes_told}: {layers_told}{' (' + ', '.join(rest) + ')' if rest else ''}."


def told(transfer: Transfer) -> dict[str, Any]:
    """A transfer as one row."""
    return {
        "words": f"{transfer.direction} {transfer.name}",
        "sent": size_text(transfer.sent),
        "whole": size_text(transfer.whole),
        "share": share(transfer),
    }


def characters(transfer: Transfer) -> list[str]:
    """A transfer as lines."""
    rows = [f"  {it.name[:44]:44}  {size_text(it.size):>7}  {words(it)}" for it in transfer.parcels]
    return [f"$ docker {transfer.direction} {transfer.name}", *rows, summary(transfer)]
