// The first admin’s set-up.

export const setup = {
  title: 'Set up this server',
  welcome: 'You become the first admin. First you, then your second step.',
  steps: 'Steps',
  you: 'You',
  secondStep: 'Second step',
  stepYou: 'Step 1 of 2: You',
  stepSecond: 'Step 2 of 2: Second step',
  codeTitle: 'Set-up',
  codeLead:
    'This server is not set up yet. Open the setup link from the server’s log, or make a new one on the server:',
  command: 'doorward setup-link',
  open: 'Open',
  resume: 'You already chose a username and a password here.',
  resumeLink: 'Go on with step 2',
  refused: 'This setup link does not work',
  another: 'Make a new one on the server:',
}
