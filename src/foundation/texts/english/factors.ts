// Setting up the second step, passkeys in the browser, and recovery codes.

export const enrolment = {
  title: 'Set up your second step',
  why: (instance: string) => `${instance} asks for a second step. Setting it up takes about a minute.`,
  passkey: 'Passkey',
  passkeyText: 'Fingerprint, face or security key. Fastest, and can’t be phished.',
  app: 'Authenticator app',
  appText: 'A 6-digit code from your phone.',
  appTitle: 'Set up your authenticator app',
  passkeyTitle: 'Create your passkey',
  passkeyLead:
    'Your browser asks where to keep the passkey: on this device, in a password manager or on a security key.',
  passkeyName: 'Name (optional)',
  passkeyNameHint: 'Such as the device it is on. Admins see it too.',
  create: 'Create passkey',
  noPasskey: 'No passkey was created. Try again, or use another device or another password manager.',
  withoutScripts: 'A passkey needs JavaScript, which this browser does not run here.',
  usePasskey: 'Use a passkey instead',
  useApp: 'Use an authenticator app instead',
  open: 'Open your authenticator app',
  which: 'Which app?',
  whichText:
    'Any app that shows 6-digit codes will do, and many password managers do too. If you have none yet, install one on your phone first: for example Aegis, 2FAS, Ente Auth, Google Authenticator or Microsoft Authenticator.',
  scan: 'Scan this code with the app',
  qrLabel: 'QR code for your authenticator app. Use the setup key if you can’t scan.',
  setupKey: 'Or type this setup key',
  otpauth: 'Open in an app on this device',
  details: 'Details for the app',
  detailsText: 'Time-based, SHA-1, 6 digits, a new code every 30 seconds.',
  enter: 'Enter the code the app shows',
  submit: 'Turn on',
}

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

export const recoveryCodes = {
  title: 'Save your recovery codes',
  lead: 'Each works once, in place of your second step. Keep them where you can find them without your phone. They are not shown again.',
  download: 'Download',
  print: 'Print',
  saved: 'I saved my recovery codes',
  /** What stands in the file around the codes. */
  file: {
    name: 'recovery-codes.txt',
    title: (instance: string) => `Recovery codes for ${instance}`,
    username: (username: string) => `Username: ${username}`,
    made: (day: string) => `Made on ${day}`,
    use: 'Each code works once: sign in with your password, then choose “Use a recovery code” at the second step.',
  },
  /** Shown to a user who went on without confirming that the codes are saved. */
  asked: {
    title: 'Did you save your recovery codes?',
    notTicked: 'Tick the box once you have saved them, or make new ones.',
    lead: 'They were shown once. If you have them, tick the box. If not, make new ones.',
    make: 'Make new codes',
  },
  section: {
    title: 'Recovery codes',
    lead: 'For when your phone or your passkey is not at hand. Each works once.',
    left: (left: number, all: number) => `${left} of ${all} left`,
    none: 'There are none yet.',
    made: 'Made',
    make: 'Make new codes',
  },
  renewal: {
    title: 'Make new recovery codes',
    question: 'You get ten codes, shown once. Those from before stop working.',
    submit: 'Make new codes',
    cancel: 'Keep the ones I have',
  },
}
