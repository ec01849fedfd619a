// Reports the accepted passkeys to the browser (WebAuthn signal API), so that it removes a passkey that was deleted here.
const { acceptedCredentials } = document.querySelector('[data-accepted-credentials]')?.dataset ?? {}
if (acceptedCredentials !== undefined) {
  // Older browsers lack the API; a rejection changes nothing on this page.
  window.PublicKeyCredential?.signalAllAcceptedCredentials?.(JSON.parse(acceptedCredentials))?.catch(() => undefined)
}
