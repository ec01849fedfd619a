// The start page of a user: the apps to open, and those to which the user is signed in.

export const ownApps = {
  /** In the bar, where there is little room. */
  area: 'Apps',
  title: 'My apps',
  lead: 'You sign in to these apps with your account here.',
  list: 'Apps to open',
  search: 'Name',
  searchHint: 'Search apps',
  noneFound: 'No apps with this name.',
  more: (shown: string) => `These are the first ${shown}. Search for the others.`,
  clearSearch: 'Clear search',
  none: {
    title: 'No apps for you yet',
    text: 'Apps that you may use appear here. You open them with your account, without another password. If one is missing, ask your admin.',
    account: 'Go to your account',
    adminText:
      'Register an app, and people open it with their account, without another password. The apps you may use appear here.',
    register: 'Register an app',
    manage: 'Manage apps',
  },
  noneToOpen: 'No apps to open from here yet.',
  signIns: {
    title: 'Where you’re signed in',
    lead: 'These apps know who you are.',
    none: 'You’re not signed in to any app. Apps appear here once you’ve opened them.',
    signedIn: 'Signed in',
    notSignedIn: 'Not signed in now',
    lastUsed: 'last used',
    allowed: 'allowed',
    sees: 'Sees:',
    disabled: 'Disabled',
    signOut: 'Sign out',
    signOutOf: (app: string) => `Sign out of ${app}`,
    withdraw: 'Withdraw',
    withdrawFrom: (app: string) => `Withdraw what you’ve allowed ${app}`,
  },
  items: {
    always: 'who you are',
    profile: 'profile',
    email: 'verified email',
    unverifiedEmail: 'email',
    role: 'role',
    allGroups: 'all your groups',
    groups: (names: string) => `groups (${names})`,
    resources: (names: string) => `access to ${names} in your name`,
    offline: 'works in the background',
  },
  signOut: {
    title: 'Sign out of an app',
    question: (app: string) => `Sign out of ${app}?`,
    withdrawQuestion: (app: string) => `Withdraw what you’ve allowed ${app}?`,
    ends: 'The app learns nothing more about you from here, effective immediately.',
    own: 'It may keep you signed in on its own pages for a while. To be sure, sign out there, too.',
    again: 'When you open it again, you’re signed in without being asked.',
    asks: 'When you open it again, you’re asked first.',
    submit: 'Sign out',
    withdraw: 'Withdraw',
  },
  done: {
    'signed-out': 'Signed out of the app.',
  },
  /** On the page of a user, for admins. */
  ofUser: {
    title: 'Apps',
    items: {
      always: 'who they are',
      allGroups: 'all their groups',
      resources: (names: string) => `access to ${names} in their name`,
    },
    done: 'Signed out of the app.',
  },
}
