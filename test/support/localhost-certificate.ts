/**
 * A certificate for localhost, 127.0.0.1, ::1 and ::ffff:127.0.0.1, made for these tests and valid until 2126: Node can
 * make keys and no certificates, and the one that smtp-server brings has expired. It signs itself, so that trusting it
 * trusts nothing else, and nothing but tests ever does.
 */
export const localhostCertificate = `-----BEGIN CERTIFICATE-----
MIIBwDCCAWegAwIBAgIUcPw5xsbI349FK8M3bxbR4XUWbHAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjIzNDYxMFoYDzIxMjYxMDI5
MjM0NjEwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARS+HHIEDLYZcLpiCzISdgvGl0FUT+qevTjdjpNvc+YViBnUthr2pWA
Dx+WOSqRiT365miKzKaLpJXWQAjrgTGAo4GUMIGRMB0GA1UdDgQWBBSKrxqI41mC
B3OCG7sWM+7oRCPnGDAfBgNVHSMEGDAWgBSKrxqI41mCB3OCG7sWM+7oRCPnGDAP
BgNVHRMBAf8EBTADAQH/MD4GA1UdEQQ3MDWCCWxvY2FsaG9zdIcEfwAAAYcQAAAA
AAAAAAAAAAAAAAAAAYcQAAAAAAAAAAAAAP//fwAAATAKBggqhkjOPQQDAgNHADBE
AiB5pw+5h/dVpkHovDH0adPB/OBQDdZqJd2VWhQTfagMWAIgVKyw2UFkimGTT2WS
MZ6hShqyzGPKsJ7kwufO1TAQAsM=
-----END CERTIFICATE-----
`;

export const localhostKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0xsZJdYncVP+6Ji1
ZlrTqCPXzRg2Py3ui/ON/bj/PrWhRANCAARS+HHIEDLYZcLpiCzISdgvGl0FUT+q
evTjdjpNvc+YViBnUthr2pWADx+WOSqRiT365miKzKaLpJXWQAjrgTGA
-----END PRIVATE KEY-----
`;
