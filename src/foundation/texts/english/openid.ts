// Pages between an app and its user: questions before the app learns who the user is, and what to do when that is not possible.
import type { AssuranceLevel } from '#foundation/kernel/assurance.ts'
import { FAMILY_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { stated } from './stated.ts'

export const openid = {
  unknown: {
    title: 'We don’t know this app',
    text: 'The app that sent you here isn’t registered on this server, or it was deleted. You can’t fix this yourself. Tell your admin which app you wanted to open.',
  },
  /** The document by which an agent is known. */
  agent: {
    title: 'We can’t check this program',
    text: 'The program that sent you here is known by a document on the internet, and that can’t be used. You can’t fix this yourself. Tell your admin which program you wanted to use.',
    faults: {
      ip_address: 'The host of the document has an address that isn’t on the public internet.',
      unreachable: 'The host of the document didn’t answer in time, or not securely.',
      status: 'There’s no document at its URL.',
      type: 'What’s at the URL isn’t a JSON document.',
      size: 'The document is too long.',
      json: 'The document isn’t valid JSON.',
      client_id: 'The document is for another URL (client_id).',
      client_name: 'The name in the document can’t be shown (client_name).',
      redirect_uris: 'The document sends you to an address that isn’t safe (redirect_uris).',
      scope: 'What the document asks for can’t be read (scope).',
      client_uri: 'The website in the document isn’t safe (client_uri).',
      too_many: 'Too many programs have come without registration.',
    },
  },
  disabled: {
    title: (app: string) => `${app} is disabled`,
    text: 'An admin has disabled signing in to this app from here. Ask an admin.',
  },
  redirectUri: {
    title: 'This app’s address isn’t registered',
    text: 'The app asked us to send you to an address that no admin has registered for it, so we didn’t. You can’t fix this yourself. Tell your admin which app you wanted to open.',
    /** For the admin who reads the page. */
    admin: 'Are you the admin? Add this address to the app’s redirect URIs, if it’s really the app’s:',
  },
  request: {
    title: 'Something is wrong with the app',
    text: (description: string) =>
      `The app that sent you here didn’t ask the way it should, so we can’t sign you in to it. Try again from the app. If it keeps happening, give your admin this message: “${description}”`,
  },
  expired: {
    title: 'This took too long',
    text: 'This sign-in has expired or is already finished. Go back to the app and sign in again. Nothing was lost.',
  },
  signedInAs: (username: string) => `Signed in here as ${username}`,
  signedIn: 'Signed in here',
  notYou: 'Not you?',
  notYouDoes: 'Sign out and use another account',
  agree: {
    title: (app: string) => `Continue to ${app}?`,
    onDevice: (app: string) =>
      `A program on this device says it’s ${app}. We can’t check that, so continue only if you’ve just started to sign in there.`,
    continue: 'Continue',
    cancel: 'Cancel',
  },
  /** Before an app that is not trusted learns who its user is. */
  consent: {
    title: (app: string) => `Sign in to ${app}?`,
    lead: (app: string, host: string) => `${app} at ${host} wants to sign you in with your account here.`,
    asksForMore: (app: string, host: string) => `${app} at ${host} asks for more than you’ve allowed so far.`,
    onDevice: (app: string) =>
      `A program on this device says it’s ${app}. We can’t check that, so allow it only if you’ve just started to sign in there.`,
    agentFrom: 'This program comes from',
    sees: (app: string) => `What ${app} gets`,
    isNew: 'New',
    always: 'That it’s you',
    alwaysDetail: 'An ID that never changes, and when and how you signed in',
    profile: 'Profile',
    profileDetail: 'Username, full name, language and time zone',
    email: 'Email',
    verifiedEmail: 'Once you’ve verified it',
    unverifiedEmail: 'Even if it isn’t verified',
    role: 'Role',
    roleDetail: (role: string) => `Your role here, currently ${role}`,
    groups: 'Groups',
    allGroups: 'All groups you’re in',
    someGroups: (names: string) => `Whether you’re in: ${names}`,
    noGroups: 'None at the moment',
    attributes: 'More about you',
    resource: (name: string) => `Access to ${name}`,
    resourceDetail: (uri: string) => `In your name, at ${uri}`,
    /** What it may do there, before the names of things. */
    may: { both: 'May read and change', read: 'May read', write: 'May change', others: 'Further access' },
    staysSignedIn: 'Stays signed in',
    inSession: (span: string) => `As long as you’re signed in here, at most ${span}`,
    offline: `In the background, for up to ${stated.span(FAMILY_LIFETIME)}, even after you sign out here`,
    allow: 'Allow',
    cancel: 'Cancel',
  },
  otherUser: {
    title: (app: string) => `${app} expects another account`,
    lead: (app: string, username: string) =>
      `You’re signed in here as ${username}, but ${app} asked for someone else. Sign in with the other account to continue.`,
    endsSession: (username: string) => `${username} will be signed out here first.`,
    signInAsOther: 'Use another account',
    cancel: 'Cancel',
  },
  /** The user may not use the app. Neither roles nor groups are named. */
  restricted: {
    title: (app: string) => `You can’t use ${app}`,
    leads: {
      role: (app: string) => `Only people with certain roles can use ${app}. Your account doesn’t have one of them.`,
      group: (app: string) => `Only people in certain groups can use ${app}. You’re not in one of them.`,
      role_or_group: (app: string) =>
        `Only people with certain roles or in certain groups can use ${app}. You don’t have such a role, and you’re not in such a group.`,
    },
    ask: 'If you need the app, ask an admin.',
  },
  unmet: {
    title: (app: string) => `${app} asks for more protection`,
    lead: (app: string, level: AssuranceLevel) =>
      level === 'phishing-resistant'
        ? `To open ${app}, you need a passkey, and your account has none that you can use here.`
        : `To open ${app}, you need a second step, and your account has none that you can use here.`,
    add: (level: AssuranceLevel): string => (level === 'phishing-resistant' ? 'Add a passkey' : 'Set up a second step'),
    addThen: 'Add it first, then open the app again.',
    notAllowed: 'You can’t add one to your account here. Ask an admin.',
    back: (app: string) => `Back to ${app}`,
  },
  /** Signing in on a device by a code that it shows. */
  device: {
    title: 'Sign in on a device',
    lead: 'Enter the code that the device shows.',
    code: 'Code',
    codeHint: 'Eight letters. Capitals, spaces and hyphens don’t matter.',
    continue: 'Continue',
    question: (app: string) => `Sign in to ${app} on a device?`,
    warning:
      'Allow it only if you started this yourself, on a device in front of you. If someone sent you the code, deny it: they would be signed in as you.',
    shown: 'Code on the device',
    asked: 'Requested',
    sameNetwork: 'From this browser’s network',
    otherNetwork: 'From another network than this browser’s',
    staysInSession: (end: string) => `Until you sign out in this browser, at the latest until ${end}`,
    staysOffline: (end: string) => `Until ${end}, even if you sign out here`,
    staysBriefly: (span: string) => `For ${span}`,
    allow: 'Allow',
    deny: 'Deny',
    changed: 'Something about this app has just changed. Check again what it gets.',
    allowed: 'The device is signed in',
    allowedText: (app: string) => `Go on with ${app} there. You can close this page.`,
    denied: 'The device isn’t signed in',
    deniedText: (app: string) =>
      `It got no access to your account. If you didn’t open ${app} yourself, someone tried to sign in as you: check which devices are signed in.`,
    addThen: 'Add it first, then enter the code again.',
  },
  signOut: {
    title: 'Sign out',
    question: (app: string) =>
      `${app} asks to sign you out here, too. Then you have to sign in again to open your apps.`,
    /** Where no app is named, or none that is known. */
    unknownApp: 'An app asks to sign you out here, too. Then you have to sign in again to open your apps.',
    submit: 'Sign out',
    stay: 'Stay signed in',
  },
  /** Where the answer goes to a program on the device. */
  toProgram: {
    title: 'Back to the app',
    text: 'Your browser opens the app when you press the button. You can close this page afterwards.',
    open: 'Open the app',
  },
  /** An admin tries the sign-in to an app. */
  trial: {
    title: (app: string) => `Test sign-in to ${app}`,
    lead: (username: string) =>
      `This is what the app gets when ${username} signs in to it. It was tried on this server alone: the app learned nothing, and nothing was kept.`,
    works: 'The sign-in works',
    asks: (app: string) => `People are asked first whether to continue to ${app}.`,
    answer: 'The answer',
    sentTo: 'Sent to',
    scopes: 'Scopes granted',
    renews: 'Can renew the sign-in',
    yes: 'Yes',
    no: 'No',
    idToken: 'In the ID token',
    userinfo: 'From the userinfo endpoint',
    authenticationNeeded: 'You’d be asked to sign in again first',
    authenticationHint:
      'The app asks for a newer or stronger sign-in than yours. Confirm that it’s you, for example by opening the app, then test again.',
    refused: 'The sign-in is refused',
    disabled: 'The app is disabled.',
    toEnable: 'Enable the app',
    error: 'The app gets',
    description: 'With the text',
    again: 'Test again',
  },
  signedOut:
    'Apps that you opened in this browser may keep you signed in for a while. On a shared device, sign out of each of them, too.',
}
