"""The service's own certificate authority and certificate: made on first start, pinned by terminals when they enrol."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sync.central.errors import CentralError

# Good from long before today, so that a terminal whose clock was set back still gets through: its entries are what matters.
VALID_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
CA_YEARS: Final = 30
SERVER_YEARS: Final = 10
RENEW_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """What a server needs: its certificate with key, and the authority that terminals pin."""

    certificate: Path
    key: Path
    ca: Path


def tls_files(directory: Path, names: Sequence[str], now: datetime) -> TlsFiles:
    """The files in `directory`, made where they are missing; the server's are made anew for other `names` (DNS names and addresses) and in
    their last year. Raises CentralError where they cannot be written or belong to nobody."""
    files = TlsFiles(directory / "server.pem", directory / "server.key", directory / "ca.pem")
    ca_key_path = directory / "ca.key"
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not files.ca.exists() and not ca_key_path.exists():
            _make_authority(files.ca, ca_key_path, now)
        if not _is_good(files, names, now):
            _make_server(files, ca_key_path, names, now)
    except (OSError, ValueError) as error:
        raise CentralError(
            f"the certificates in {directory} cannot be used ({error}); put the right ones back"
        ) from error
    return files


def _make_authority(path: Path, key_path: Path, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tern central service authority")])
    certificate = (
        _builder(name, name, key.public_key(), now + timedelta(days=365 * CA_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_secret(key_path, key)
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _make_server(files: TlsFiles, ca_key_path: Path, names: Sequence[str], now: datetime) -> None:
    ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
    ca_key = serialization.load_pem_private_key(ca_key_path.read_bytes(), None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{ca_key_path} is not the kind of key that this service makes")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    certificate = (
        _builder(name, ca.subject, key.public_key(), now + timedelta(days=365 * SERVER_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_name(one) for one in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    _write_secret(files.key, key)
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _is_good(files: TlsFiles, names: Sequence[str], now: datetime) -> bool:
    if not (files.certificate.exists() and files.key.exists()):
        return False
    held = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    alternative = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return set(alternative) >= {_name(one) for one in names} and held.not_valid_after_utc - now > timedelta(
        days=RENEW_DAYS
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write_secret(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
