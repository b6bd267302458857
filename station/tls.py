"""Connections by TLS to a broker, as stations and hubs check them."""

import ssl


def broker_context(ca: str, cert: str, key: str) -> ssl.SSLContext:
    """The broker's certificate is checked alike on every Python: the default of 3.13 would refuse what another
    authority than the district's own signed without an identifier of its issuer.

    :param ca: PEM file of the authorities; empty for the system's.
    :param cert: PEM file of the own certificate; empty where the broker asks for none.
    :param key: PEM file of its key; empty where it is in the same file.
    :raises OSError: one of them cannot be read, or is not what it should be (``ssl.SSLError``).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslsocket_class = _TlsSocket
    if ca:
        context.load_verify_locations(ca)
    else:
        context.load_default_certs()
    if cert:
        context.load_cert_chain(cert, key or None)
    return context


_NOT_YET_VALID, _EXPIRED = 9, 10
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""
_CLOCK = {
    _NOT_YET_VALID: "the broker's certificate is not yet valid: this machine's clock is behind;"
    " check it, its battery and its time servers",
    _EXPIRED: "the broker's certificate has expired: renew it, or check this machine's clock, which may be ahead",
}


class _TlsSocket(ssl.SSLSocket):
    """Closes itself where the handshake fails: paho-mqtt leaves that to Python's garbage collection. Where a
    certificate's dates do not hold, the error names the clock: a machine without a battery wakes up years back."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLCertVerificationError as error:
            self.close()
            if error.verify_code not in _CLOCK:
                raise
            raise ssl.SSLCertVerificationError(error.errno, _CLOCK[error.verify_code]) from error
        except BaseException:
            self.close()
            raise
