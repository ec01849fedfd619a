// Setting up the second step.

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
