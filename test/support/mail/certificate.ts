// A certificate for localhost and 127.0.0.1 that is valid for a hundred years, with its key. No program trusts it, except a test that says so.
import tls from 'node:tls'

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUJUEAGc6fErYK/y/vVaL6t0zW+oswCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDAwNDAxOVoYDzIxMjYxMTA2
MDA0MDE5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARsnnbZ97PUDGX22kC8pjbdf68ccg0fXUeU/Q4iGLRbBT91K0bxT2jF
n2x4sq9W2uPB/Ahxph0yFcEWQchEg3rco28wbTAdBgNVHQ4EFgQUc9tK/9TNEBdL
af5RkGWzVAx/W5owHwYDVR0jBBgwFoAUc9tK/9TNEBdLaf5RkGWzVAx/W5owDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAMO9Yr+Y9pC//z04bV4JHeEFHrXRCIIvZVpUj1aMP+b6AiBl
ec+JT1BImDuvGbA4IuwBmAjcsX6Iv75GARwNhnNMxg==
-----END CERTIFICATE-----
`

export const CERTIFICATE_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSm48hm7cdtJ2BRDO
qgcNCdACNcAEfllGW1Fj+RwFAjKhRANCAARsnnbZ97PUDGX22kC8pjbdf68ccg0f
XUeU/Q4iGLRbBT91K0bxT2jFn2x4sq9W2uPB/Ahxph0yFcEWQchEg3rc
-----END PRIVATE KEY-----
`

/** Trusts the certificate in this process from now on. */
export function trustCertificate(): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), CERTIFICATE])
}
