// Tells the browser which passkeys still count here, so that it drops the one that was removed.
const { acceptedCredentials } = document.querySelector('[data-accepted-credentials]')?.dataset ?? {}
if (acceptedCredentials !== undefined) {
  // Older browsers cannot be told, and one that refuses to listen changes nothing here.
  window.PublicKeyCredential?.signalAllAcceptedCredentials?.(JSON.parse(acceptedCredentials))?.catch(() => undefined)
}
