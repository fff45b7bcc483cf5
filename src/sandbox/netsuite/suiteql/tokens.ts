export type Token = Readonly<{kind: 'word' | 'number' | 'string' | 'quoted' | 'symbol' | 'param'; text: string}>

/** Thrown where the translator of the data source would refuse a statement. `message` is what follows the fixed beginning. */
export class BadQuery extends Error {}

export const UNSUPPORTED = 'Search error occurred: Invalid or unsupported search.'

const PATTERN =
  /(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"])*")|(?<number>\d+(?:\.\d+)?|\.\d+)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<param>\?)|(?<symbol><>|!=|<=|>=|\|\||[(),.=<>+\-*/])/y

/** The tokens of one statement, without a closing semicolon. Throws BadQuery at anything that SuiteQL does not know. */
export function tokensOf(statement: string): Token[] {
  const text = statement.trim().replace(/;\s*$/, '')
  const tokens: Token[] = []
  PATTERN.lastIndex = 0
  while (PATTERN.lastIndex < text.length) {
    const groups = PATTERN.exec(text)?.groups
    if (groups === undefined) throw new BadQuery(UNSUPPORTED)
    for (const kind of ['string', 'quoted', 'number', 'word', 'param', 'symbol'] as const) {
      const found = groups[kind]
      if (found !== undefined) tokens.push({kind, text: found})
    }
  }
  return tokens
}
