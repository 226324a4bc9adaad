"""Metadata routing: how scikit-learn's searches and pipelines hand environments to ``fit``.

scikit-learn asks an estimator which arguments beside ``X`` and ``y`` it wants. Its own estimators
inherit the answer; here the methods are written out, since scikit-learn need not be installed.
Whoever calls them has it, and it is imported by then.
"""

from typing import Any, ClassVar, TypeVar

__all__ = ["RoutesMetadata"]

Self = TypeVar("Self", bound="RoutesMetadata")


class RoutesMetadata:
    """An estimator that says which arguments scikit-learn is to route to its methods."""

    requests: ClassVar[dict[str, tuple[str, ...]]]
    """Arguments that can be routed, by method."""

    def set_fit_request(self: Self, **requests: bool | str | None) -> Self:
        """Say whether ``fit`` is to be given ``environments`` and ``sample_weight``.

        Args:
            requests: ``environments`` and ``sample_weight``: True to have it, False to ignore it, a
                name under which the caller passes it, None to refuse it.

        Raises:
            RuntimeError: If scikit-learn's metadata routing is off.
            TypeError: If another argument is named.
        """
        return self._set_request("fit", requests)

    def set_score_request(self: Self, **requests: bool | str | None) -> Self:
        """Say whether ``score`` is to be given ``sample_weight``; see :meth:`set_fit_request`.

        Raises:
            RuntimeError: If scikit-learn's metadata routing is off.
            TypeError: If another argument is named.
        """
        return self._set_request("score", requests)

    def _set_request(self: Self, method: str, requests: dict[str, bool | str | None]) -> Self:
        from sklearn import get_config

        if not get_config().get("enable_metadata_routing"):
            raise RuntimeError(
                "This method is only available when metadata routing is enabled. You can enable "
                "it using sklearn.set_config(enable_metadata_routing=True)."
            )
        known = self.requests[method]
        unknown = sorted(set(requests) - set(known))
        if unknown:
            raise TypeError(f"`{method}` has no argument {unknown[0]}; it has {', '.join(known)}.")
        routing = self.get_metadata_routing()
        for name, alias in requests.items():
            getattr(routing, method).add_request(param=name, alias=alias)
        self._metadata_request = routing  # scikit-learn copies it by this name
        return self

    def get_metadata_routing(self) -> Any:
        """Return a copy of the requests, an object of scikit-learn's, which calls this."""
        from sklearn.utils.metadata_routing import MetadataRequest, get_routing_for_object

        if hasattr(self, "_metadata_request"):
            return get_routing_for_object(self._metadata_request)
        routing = MetadataRequest(owner=type(self).__name__)
        for method, names in self.requests.items():
            for name in names:
                getattr(routing, method).add_request(param=name, alias=None)
        return routing
