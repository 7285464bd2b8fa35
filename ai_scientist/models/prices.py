"""What a call costs, from a kept price list. An unknown price is None, never $0."""

from __future__ import annotations

from collections.abc import Callable

from ai_scientist.config import TokenPrice

Price = Callable[[int, int], float]
"""Tokens in and out to US dollars. Input that the provider had cached counts as fresh: the true price is lower."""


def free(tokens_in: int, tokens_out: int) -> float:
    """What rules in this program, and models on this machine, cost."""
    return 0.0


def stated(price: TokenPrice) -> Price:
    """The price that the configuration states."""
    return lambda tokens_in, tokens_out: (price.input * tokens_in + price.output * tokens_out) / 1e6


def price_of(name: str, base_url: str = "") -> Price | None:
    """The price of `provider:model`, or None where the list does not know it.

    With a `base_url`, who is paid follows from the address and not from the name: a server that the list does not know
    has no known price.
    """
    provider, _, model = name.partition(":")
    if provider == "ollama" and not base_url and not model.endswith("cloud"):
        return free

    from genai_prices import Usage, calc_price

    def price(tokens_in: int, tokens_out: int) -> float:
        usage = Usage(input_tokens=tokens_in, output_tokens=tokens_out)
        if base_url:
            return float(calc_price(usage, model_ref=model, provider_api_url=base_url).total_price)
        return float(calc_price(usage, model_ref=model, provider_id=provider.replace("_", "-")).total_price)

    try:
        price(1000, 1000)
    except LookupError:
        return None
    return price
