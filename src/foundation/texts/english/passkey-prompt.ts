// What a page says while the browser asks for a passkey, and when nothing came of it.

export const passkeyPrompt = {
  waiting: 'Follow your browser’s prompt.',
  notMade: 'No passkey was created. Try again when you’re ready.',
  already: 'This device already has a passkey for you.',
  insecure: 'Passkeys need https. This page was opened over http.',
  unsupported: 'This browser has no passkeys. Use another browser, or another way.',
  /** The browser has no passkeys for the address that was opened, only for that of the server. */
  misplaced: (publicUrl: string) => `Passkeys work only at ${publicUrl}. Open this page there.`,
  failed: 'Your browser could not do that. Try again, or use another way.',
}
