import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A function, method or accessor with a body. */
export interface FunctionFacts {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  /** Without those of the functions in it. */
  readonly ownLines: number;
}

/** A name that is used, and not as the name of a property or of something declared here. */
export interface Use {
  readonly name: string;
  readonly line: number;
}

/** What is worth knowing of one source file. Paths are relative to the checkout, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly lines: readonly string[];
  /** Numbers of the lines that are inside of one text, where no break can be put. */
  readonly textLines: ReadonlySet<number>;
  /** Modules as they are spelt. */
  readonly imports: readonly string[];
  /** Files of the checkout that are imported. */
  readonly importedFiles: readonly string[];
  /** Nothing stands in it but what other files export. */
  readonly isBarrel: boolean;
  readonly hasDefaultExport: boolean;
  readonly functions: readonly FunctionFacts[];
  /** Every free-standing name; `a.b` counts as well where `a` is such a name. */
  readonly uses: readonly Use[];
}

/** Reads and parses all TypeScript files below these folders of the current one. */
export function readSourceTree(folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap(listFiles).map(readSource);
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.posix.join(entry.parentPath, entry.name))
    .sort();
}

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const imports: string[] = [];
  const functions: FunctionFacts[] = [];
  const uses: Use[] = [];
  const textLines = new Set<number>();
  let hasDefaultExport = false;
  let inner = 0;
  const lineOf = (position: number): number =>
    source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node): void => {
    const module = importedModule(node);
    if (module !== undefined) imports.push(module);
    if (isDefaultExport(node)) hasDefaultExport = true;
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateExpression(node) ||
      ts.isRegularExpressionLiteral(node)
    ) {
      const last = lineOf(node.getEnd());
      for (let line = lineOf(node.getStart(source)); line <= last; line++) textLines.add(line);
    }
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const outer = inner;
      inner = 0;
      ts.forEachChild(node, visit);
      const line = lineOf(node.getStart(source));
      const lines = lineOf(node.getEnd()) - line + 1;
      functions.push({ name: functionName(node), line, lines, ownLines: lines - inner });
      // Its first and last line are also of what is around it.
      inner = outer + Math.max(0, lines - 2);
      return;
    }
    for (const name of usedNames(node)) uses.push({ name, line: lineOf(node.getStart(source)) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return {
    path: file,
    lines: text.split('\n'),
    textLines,
    imports,
    importedFiles: imports
      .filter((module) => module.startsWith('.'))
      .map((module) => path.posix.join(path.posix.dirname(file), module)),
    isBarrel: source.statements.length > 0 && source.statements.every(isReExport),
    hasDefaultExport,
    functions,
    uses,
  };
}

function importedModule(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const module = node.moduleSpecifier;
    return module !== undefined && ts.isStringLiteral(module) ? module.text : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [module] = node.arguments;
    return module !== undefined && ts.isStringLiteral(module) ? module.text : undefined;
  }
  return undefined;
}

function isReExport(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}

/** Its own name, or that of the variable, property or test that it stands for. */
function functionName(node: ts.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) {
    return parent.name.getText();
  }
  if (ts.isCallExpression(parent)) {
    const title = parent.arguments.find(ts.isStringLiteralLike);
    return title === undefined ? parent.expression.getText() : title.text;
  }
  return 'a function';
}

function usedNames(node: ts.Node): string[] {
  if (ts.isAwaitExpression(node)) return ['await'];
  if (!ts.isIdentifier(node)) return [];
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return [];
  if (ts.isQualifiedName(parent) && parent.right === node) return [];
  if ('name' in parent && parent.name === node) return [];
  if ('propertyName' in parent && parent.propertyName === node) return [];
  const qualified =
    ts.isPropertyAccessExpression(parent) && parent.expression === node
      ? [`${node.text}.${parent.name.text}`]
      : [];
  return [node.text, ...qualified];
}
