// Choosing what kind of app is registered, and the settings of a program.

export const appPresets = {
  lead: 'What do you want to connect?',
  any: 'Any app',
  programs: 'Programs',
  other: { title: 'Something else', about: 'Enter every setting yourself' },
  /** The heading of the form for one program. */
  formTitle: (program: string) => `Register ${program}`,
  programLead: 'Enter its address. Everything else is filled in.',
  filledLead: 'Everything is filled in.',
  ran: (program: string, date: string) => `Tried with ${program} on ${date}.`,
  notRun: 'The settings come from the program’s manual. They haven’t been tried.',
  url: 'Address of the app',
  urlHint: (example: string) => `Where people open it. Example: ${example}`,
  urlInUris: '{url} stands for the address above.',
  settingsLead: 'Enter this in the app.',
  /** Before the list of programs on the page of an app. */
  settingsFor: 'Settings for',
  anyApp: 'Any app',
  show: 'Show',
  secretToEnter: 'Put the app’s secret in place of CLIENT_SECRET. It was shown when it was created.',
  single: 'One by one',
}
