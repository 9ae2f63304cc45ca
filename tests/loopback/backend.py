"""What the loopback service asks of whoever does the computing behind it."""

from __future__ import annotations

from typing import Any, Literal, Protocol

Body = dict[str, Any]
"""The JSON of a request as the client sent it; `expression` holds the graph."""

ExportKind = Literal["image", "table"]


class BackendError(Exception):
    """A refusal, to be sent to the client as Google would send it."""

    def __init__(
        self, message: str, *, status: int = 400, status_name: str = "INVALID_ARGUMENT"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.status_name = status_name


class Backend(Protocol):
    """The computing behind the endpoints. Calls may come from several threads at once."""

    def value(self, body: Body) -> Any:
        """POST value:compute: what goes into `{"result": ...}`."""
        ...

    def pixels(self, body: Body) -> bytes:
        """POST image:computePixels with fileFormat NPY: `numpy.save` of a structured array."""
        ...

    def features(self, body: Body) -> Body:
        """POST table:computeFeatures: `{"features": [...]}`, GeoJSON; all of them, or one page.

        Where there is no `nextPageToken` in the answer the service cuts the features into pages
        of `pageSize` itself.
        """
        ...

    def export(self, kind: ExportKind, body: Body) -> None:
        """The work of image:export or table:export to an asset, when its operation runs.

        A `BackendError` makes the operation fail with its message.
        """
        ...

    def asset(self, name: str) -> Body | None:
        """GET assets/...: the asset's description, None where there is none."""
        ...
