"""An authority of the person's own, and the certificate it signs for this machine's address on the home network (X.509, RFC 5280).

A phone may be told to trust the authority, so it must be worth as little as possible to whoever steals it: its own certificate says that
it signs for addresses of home networks and this machine's ``.local`` name alone (name constraints, RFC 5280 4.2.1.10), and for no further
authorities. Keys are of P-256. Nothing here reads a clock or keeps anything.
"""

from __future__ import annotations

import ipaddress
import secrets
import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ...egress.porter import HOME

if TYPE_CHECKING:
    from cryptography import x509

AUTHORITY_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=397)  # phones refuse more than 825 days, browsers more than 398 of public ones
RENEW_BEFORE = timedelta(days=60)
_EARLIER = timedelta(days=1)  # a phone's clock may be behind


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key, both PEM; the key is not encrypted: keep it in the store."""

    certificate: str
    key: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate as browsers show it: AB:CD:…"""
        from cryptography.hazmat.primitives import hashes

        return self._read().fingerprint(hashes.SHA256()).hex(":").upper()

    def names(self) -> frozenset[str]:
        """The addresses and names it is for."""
        from cryptography import x509

        held = self._read().extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return frozenset([*map(str, held.get_values_for_type(x509.IPAddress)), *held.get_values_for_type(x509.DNSName)])

    def is_good_for(self, names: Sequence[str], now: datetime) -> bool:
        """Whether it is for exactly these and lasts a while."""
        return self.names() == frozenset(names) and self._read().not_valid_after_utc - now > RENEW_BEFORE

    def _read(self) -> x509.Certificate:
        from cryptography import x509

        return x509.load_pem_x509_certificate(self.certificate.encode())


def make_authority(local: str, now: datetime) -> Issued:
    """A new authority, for addresses of home networks and the name ``local`` (``kitchen.local``)."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Ownmind on {local.removesuffix('.local')}")])
    only = x509.NameConstraints([x509.DNSName(local), *(x509.IPAddress(net) for net in HOME)], None)
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - _EARLIER, now + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(only, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return _signed(made, key, key)


def make_server(authority: Issued, names: Sequence[str], now: datetime) -> Issued:
    """A certificate for these addresses and names, signed by ``authority``."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    issuer = x509.load_pem_x509_certificate(authority.certificate.encode())
    signing = serialization.load_pem_private_key(authority.key.encode(), None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    made = (
        x509.CertificateBuilder(issuer.subject, subject, key.public_key(), x509.random_serial_number(), now - _EARLIER, now + SERVER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    return _signed(made, key, signing)


def context(server: Issued, authority: Issued, folder: Path) -> ssl.SSLContext:
    """The TLS of a listener (1.2 and later). OpenSSL takes a key from a file alone: it lies in ``folder`` for a moment, encrypted."""
    from cryptography.hazmat.primitives import serialization

    held = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    held.minimum_version = ssl.TLSVersion.TLSv1_2
    held.set_alpn_protocols(["http/1.1"])
    passphrase = secrets.token_urlsafe(32)
    key = serialization.load_pem_private_key(server.key.encode(), None).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(passphrase.encode())
    )
    with tempfile.TemporaryDirectory(prefix="certificate-", dir=folder) as name:
        path = Path(name) / "chain.pem"
        path.write_bytes(key + server.certificate.encode() + authority.certificate.encode())
        held.load_cert_chain(path, password=passphrase)
    return held


def _general(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _signed(made: x509.CertificateBuilder, key: object, signing: object) -> Issued:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    assert isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(signing, ec.EllipticCurvePrivateKey)
    certificate = made.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    plain = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Issued(certificate, plain.decode())
