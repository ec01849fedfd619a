// The palette of admins, the keys of their pages, and the setting that turns the keys off.
export const keyboard = {
  title: 'Go to',
  /** The button that opens the palette; the key beside it, without its letter. */
  find: 'Search',
  control: 'Ctrl',
  search: 'Search users, groups, policies, apps and pages',
  none: (typed: string) => `No results for “${typed}”`,
  found: (count: number, shown: string) => (count === 1 ? '1 result' : `${shown} results`),
  exportActivity: 'Export activity',
  keys: 'Keyboard shortcuts',
  lists: 'Lists',
  everywhere: 'Everywhere',
  rows: 'Next or previous row',
  tick: 'Select the row',
  open: 'Open the row',
  close: 'Close',
  setting: {
    title: 'Keyboard',
    lead: 'On admin pages, single keys work as shortcuts: press “?” there to see them all. Ctrl K always works.',
    on: 'Single-key shortcuts are on in this browser.',
    off: 'Single-key shortcuts are off in this browser.',
    turnOn: 'Turn on single-key shortcuts',
    turnOff: 'Turn off single-key shortcuts',
  },
}
