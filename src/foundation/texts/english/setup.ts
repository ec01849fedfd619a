// The first admin’s set-up.

export const setup = {
  title: 'Set up this server',
  welcome: 'You become this server’s first admin.',
  steps: 'Steps',
  you: 'You',
  secondStep: 'Second step',
  codes: 'Recovery codes',
  stepYou: 'Step 1 of 3: You',
  stepSecond: 'Step 2 of 3: Second step',
  stepCodes: 'Step 3 of 3: Recovery codes',
  codeTitle: 'Set up this server',
  codeLead:
    'This server is not set up yet. Open the setup link from the server’s log, or make a new one on the server:',
  codeUnknown: 'That is no setup code of this server. Paste the whole link, or make a new one with the command above.',
  open: 'Open',
  resume: 'Welcome back. You already chose a username and a password here.',
  resumeLink: 'Go on with step 2',
  restartSignIn: 'Start over with another username',
  tookTooLong: 'That took too long. Open your setup link once more; nothing was lost but what you typed.',
  expired: 'This setup link ran out',
  expiredText: (lifetime: string) => `It is older than ${lifetime}. Make a new one on the server:`,
  refused: 'This setup link does not work',
  another: 'A newer one may have replaced it. Make a new one on the server:',
  address: (url: string) => `People will reach this server at ${url}.`,
  otherAddress: (url: string, here: string) =>
    `Links and the same-site check use ${url}, but you opened ${here}. If people are to use the second, start the server with this setting:`,
}
