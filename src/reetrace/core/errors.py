"""What can go wrong for a user, each with one plain line; `reetrace.cli` alone catches them."""

from __future__ import annotations


class ReetraceError(Exception):
    """Base of every error that is the input's fault and not the program's."""


class RegistryError(ReetraceError, ValueError):
    """A site, border or published-table file says something it may not."""


class UnknownSite(ReetraceError, LookupError):
    """No site of the registry has this id or alias."""


class LabelError(ReetraceError, ValueError):
    """A label file or set of labels cannot be used."""


class ImageryError(ReetraceError, ValueError):
    """A raster or a catalogue item cannot be what it is said to be."""


class NoImagery(ReetraceError, LookupError):
    """No scene covers the site in the epoch."""


class TooCloudy(ReetraceError, ValueError):
    """Too little of the site was seen for an answer."""


class GridMismatch(ReetraceError, ValueError):
    """Two rasters that do not lie on the same grid were to be compared."""


class SettingError(ReetraceError, ValueError):
    """An option, a knob or a settings file holds a value that cannot be used."""


class EvidenceError(ReetraceError, ValueError):
    """An evidence folder is not whole, not ours, or not of a version known here."""


class SigningError(ReetraceError, ValueError):
    """A key, its passphrase or a timestamp service cannot be used for signing."""


class TemplateError(ReetraceError, ValueError):
    """A report template asks for something it may not, or misspells a field."""


class OutputError(ReetraceError, OSError):
    """A file or folder could not be written; nothing half-written is left."""


class ServiceError(ReetraceError, RuntimeError):
    """The Earth Engine service failed, refused, or answered what it should not."""


class AccountError(ServiceError):
    """Sign-in, permission, project or interface: nothing will work until an account is mended."""


class QuotaExceeded(ServiceError):
    """The project has asked for more than it may."""


class TooLarge(ServiceError):
    """Too long, too much memory, too many pixels: smaller tiles or a batch export can cure it."""
