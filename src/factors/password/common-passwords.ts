/**
 * Passwords everybody tries first, folded to lower case. A short list on purpose: it catches what people type to get past
 * a form; the throttle takes care of guessing.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([
  '00000000', '11111111', '12341234', '12344321', '12345678', '123456789', '1234567890', '87654321', '987654321',
  '11223344', '112233445566', '123123123', '1q2w3e4r', '1q2w3e4r5t', '1qaz2wsx', 'qwertyui', 'qwertyuiop', 'qwerty123',
  'qwertz123', 'asdfghjk', 'asdfasdf', 'asdfghjkl', 'zxcvbnm1', 'zaq12wsx', 'abcd1234', 'abcdefgh', 'abc12345',
  'aaaaaaaa', 'password', 'password1', 'password12', 'password123', 'password!', 'passw0rd', 'p@ssw0rd', 'p@ssword',
  'passwort', 'passwort1', 'kennwort', 'geheim123', 'changeme', 'changeme1', 'letmein1', 'letmein123', 'welcome1',
  'welcome123', 'iloveyou', 'sunshine', 'princess', 'football', 'baseball', 'superman', 'trustno1', 'starwars',
  'computer', 'internet', 'administrator', 'admin123', 'admin1234', 'adminadmin', 'rootroot', 'default1', 'test1234',
  'testtest', 'secret123', 'security', 'superuser', 'whatever', 'jennifer', 'michelle', 'monkey123', 'dragon123',
  'master123', 'michael1', 'charlie1', 'schalke04', 'hallo123', 'hallohallo', 'liverpool', 'chocolate', 'butterfly',
])
