"""Cases for signed endorsements, in pairs as in `advice`: the guild signs its word, and one thing is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.conformance.advice import AdviceCase, Scene, list_of_the_guild, world_with
from tests.conformance.cases import P, W
from tests.conformance.shapes import ENDORSEMENT, GUILD, endorsed, endorsement, guild
from tests.conformance.world import AWARD, HOST, ISSUER, OB2, OTHER, World
from tests.generate import keys
from wallet.documents import jws

GUILD_KEY = f"{OTHER}/guild/key"


def listed_by_the_guild(*entries: str) -> Callable[[World], None]:
    """Give the guild that signs a revocation list with these entries."""

    def change(world: World) -> None:
        list_of_the_guild(*entries)(world)
        world.documents[GUILD].update(publicKey=GUILD_KEY)

    return change


def own_word() -> Scene:
    """The issuer endorses its own achievement, with the key that signs its badges."""
    world = World()
    world.class_["endorsement"] = ENDORSEMENT
    made = endorsement(issuer=ISSUER, verification={"type": "SignedBadge"})
    world.serve(ENDORSEMENT, jws.sign(json.dumps(made).encode(), world.private))
    return Scene(world)


def signed_endorsement(
    change: Callable[[World], None] = lambda _: None, *, key: int = 5, algorithm: str = "RS256", **changes: object
) -> Callable[[], Scene]:
    """The guild endorses the achievement with a signed text; `key` is what signs it, the guild publishes number 5."""

    def both(world: World) -> None:
        endorsed(world)
        world.serve(GUILD, guild(publicKey=GUILD_KEY))
        world.serve(GUILD_KEY, guild_key())
        made = endorsement(**{"id": "urn:uuid:7b1d", "verification": {"type": "SignedBadge"}, **changes})
        private = keys.pair("RSA", key)[0]
        world.serve(ENDORSEMENT, jws.sign(json.dumps(made).encode(), private, algorithm))
        change(world)

    return world_with(both)


def guild_key(**changes: object) -> dict[str, object]:
    """The key that the guild signs with."""
    return {
        "@context": OB2,
        "type": "CryptographicKey",
        "id": GUILD_KEY,
        "owner": GUILD,
        "publicKeyPem": keys.pair("RSA", 5)[1],
        **changes,
    }


def token_and(change: Callable[[bytes], bytes]) -> Callable[[World], None]:
    """Let the guild serve another text than it signed."""
    return lambda world: world.serve(ENDORSEMENT, change(world.documents[ENDORSEMENT]))


def with_header(header: str) -> Callable[[bytes], bytes]:
    return lambda token: keys.b64url(header.encode()) + token[token.index(b".") :]


SIGNED_ENDORSEMENT_CASES = [
    AdviceCase("a signed endorsement", signed_endorsement(), "endorsement.proven", P),
    AdviceCase("a signed endorsement of this", signed_endorsement(), "endorsement.claim", P),
    AdviceCase(
        "a signed endorsement of another badge", signed_endorsement(claim={"id": f"{HOST}/x"}), "endorsement.claim", W
    ),
    AdviceCase(
        "a signed endorsement by one of several keys",
        signed_endorsement(
            lambda w: w.serve(GUILD, guild(publicKey=[guild_key(id=f"{GUILD}#0", publicKeyPem=w.public), GUILD_KEY]))
        ),
        "endorsement.proven",
        P,
    ),
    AdviceCase(
        "a signed endorsement that names its key",
        signed_endorsement(verification={"type": "SignedBadge", "creator": GUILD_KEY}),
        "endorsement.proven",
        P,
    ),
    *(
        AdviceCase(f"a signed endorsement that {name}", scene, "endorsement.proven", W)
        for name, scene in (
            ("another key made", signed_endorsement(key=6)),
            ("was changed", signed_endorsement(token_and(lambda token: token[:-8] + b"AAAAAAAA"))),
            ("has no method", signed_endorsement(token_and(with_header('{"alg":"none"}')))),
            ("is keyed with the public key", signed_endorsement(token_and(with_header('{"alg":"HS256"}')))),
            ("asks for more in its header", signed_endorsement(token_and(with_header('{"alg":"RS256","crit":["x"]}')))),
            ("has a broken payload", signed_endorsement(token_and(lambda t: t[:40] + b"." + t.split(b".")[2]))),
            ("is no Endorsement", signed_endorsement(type="Assertion")),
            ("calls itself withdrawn", signed_endorsement(revoked=True)),
            ("lacks its date", signed_endorsement(issuedOn=None)),
            ("says that it is hosted", signed_endorsement(verification={"type": "HostedBadge"})),
            ("says both", signed_endorsement(verification={"type": ["HostedBadge", "SignedBadge"]})),
            ("is of an older version", signed_endorsement(**{"@context": "https://w3id.org/openbadges/v1"})),
            ("lists no key", signed_endorsement(lambda w: w.serve(GUILD, guild()))),
            (
                "names a key that is not listed",
                signed_endorsement(verification={"type": "SignedBadge", "creator": f"{OTHER}/mine"}),
            ),
            ("has a key that is gone", signed_endorsement(lambda w: w.status(GUILD_KEY, 404))),
            ("has a key of somebody else", signed_endorsement(lambda w: w.serve(GUILD_KEY, guild_key(owner=ISSUER)))),
            (
                "has a short key",
                signed_endorsement(
                    lambda w: w.serve(GUILD_KEY, guild_key(publicKeyPem=keys.rsa_public_pem(1024))),
                ),
            ),
            (
                "has a published private key",
                signed_endorsement(lambda w: w.serve(GUILD_KEY, guild_key(publicKeyPem=keys.pair("RSA", 5)[0]))),
            ),
            ("has no endorser on the web", signed_endorsement(issuer="urn:x:1")),
            ("has an endorser that is gone", signed_endorsement(lambda w: w.status(GUILD, 404))),
            ("has an endorser that is no profile", signed_endorsement(lambda w: w.serve(GUILD, [1]))),
            ("is on its endorser's list", signed_endorsement(listed_by_the_guild("urn:uuid:7b1d"))),
            (
                "has a list that is gone",
                signed_endorsement(lambda w: w.serve(GUILD, guild(publicKey=GUILD_KEY, revocationList=f"{OTHER}/no"))),
            ),
            ("is the issuer's own", own_word),
        )
    ),
    AdviceCase(
        "a signed endorsement that a list does not name",
        signed_endorsement(listed_by_the_guild(AWARD)),
        "endorsement.proven",
        P,
    ),
]
