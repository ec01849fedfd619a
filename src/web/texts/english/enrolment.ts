// Setting up the second step.

export const enrolment = {
  title: 'Set up your second step',
  why: (instance: string) => `${instance} asks for a second step. It takes about a minute.`,
  open: 'Open your authenticator app',
  openHint: 'Any app that shows 6-digit codes will do. If you have none yet, install one on your phone first.',
  scan: 'Scan this code with it',
  qrLabel: 'QR code for your authenticator app. Use the setup key if you can’t scan.',
  setupKey: 'Or type this setup key',
  otpauth: 'Open in an app on this device',
  details: 'Details for the app',
  detailsText: 'Time-based, SHA-1, 6 digits, a new code every 30 seconds.',
  enter: 'Enter the code the app shows',
  submit: 'Turn on',
}
