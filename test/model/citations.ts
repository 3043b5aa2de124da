// What the models say of the code: the functions that they cite, and those of the code that touch shared cells.
import ts from 'typescript';

export interface Citation {
  /** Relative to the project. */
  readonly path: string;
  readonly name: string;
}

/** The functions that a model cites: `src/journal/writer.ts claim() and claimRun()`. */
export function citationsIn(model: string): Citation[] {
  const comments = [...model.matchAll(/\/\*([\s\S]*?)\*\//g)].map(([, text = '']) =>
    text.replace(/\n \*/g, '\n'),
  );
  return comments.flatMap((text) =>
    [...text.matchAll(/(src\/[\w/-]+\.ts)((?:,?\s+(?:and\s+)?\w+\(\))+)/g)].flatMap(
      ([, path = '', names = '']) =>
        [...names.matchAll(/(\w+)\(\)/g)].map(([, name = '']) => ({ path, name })),
    ),
  );
}

/** The parts of a model that do something without saying which function does it. */
export function uncitedParts(model: string): string[] {
  const found: string[] = [];
  for (const { 1: kind = '', 2: name = '', index } of model.matchAll(/^(inline|active.* proctype) (\w+)/gm)) {
    const before = model.slice(0, index).trimEnd();
    const comment = before.endsWith('*/') ? before.slice(before.lastIndexOf('/*')) : '';
    const body = model.slice(index, model.indexOf('\n}', index));
    const cited = citationsIn(kind === 'inline' ? comment : comment + body);
    if (cited.length === 0) found.push(`${kind} ${name}`);
  }
  return found;
}

/** The macros that a model asks for. */
export function macrosIn(model: string): string[] {
  const asked = [...model.matchAll(/^#(?:if|ifdef|ifndef|elif)\b(.*)$/gm)].flatMap(([, condition = '']) =>
    [...condition.matchAll(/\b[A-Z][A-Z_]+\b/g)].map(([name]) => name),
  );
  return [...new Set(asked)];
}

/** The functions and methods of a file, with their text. */
export function functionsIn(path: string, text: string): Map<string, string> {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isConstructorDeclaration(node)) found.set('constructor', node.getText());
    else if (
      (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isGetAccessor(node)) &&
      node.name !== undefined
    ) {
      found.set(node.name.getText(), node.getText());
    } else if (ts.isPropertyDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer)) {
      found.set(node.name.getText(), node.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Whether a function touches cells that threads share, itself or through a cursor or a bell. */
export function touchesCells(text: string): boolean {
  return /\bcells\.\w+\(|\b(?:storeSequence|loadSequence|ring|sleep|sleepAsync)\(/.test(text);
}
