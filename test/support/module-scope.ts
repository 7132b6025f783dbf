import ts from "typescript";

/** Objects of which reading a property is known to do nothing. */
const builtIn = ["Math", "Number"];
/** Classes of which making an empty one is known to do nothing. */
const collections = ["Map", "Set", "WeakMap"];

/**
 * What is computed when a module is loaded, in a text of src, so that a bundler keeps it for those who do not use it: a
 * call that is not said to be pure, a spread, a property of another record.
 */
export function workAtModuleScope(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true),
    found: string[] = [];
  const report = (node: ts.Node) =>
    found.push(
      `line ${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${node.getText().slice(0, 60)}`,
    );
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return;
    if (isPure(node, text)) return;
    const works =
      ts.isSpreadElement(node) ||
      ts.isSpreadAssignment(node) ||
      ts.isCallExpression(node) ||
      ts.isNewExpression(node) ||
      ts.isPropertyAccessExpression(node) ||
      ts.isElementAccessExpression(node);
    if (works) report(node);
    else ts.forEachChild(node, visit);
  };
  source.statements.filter(ts.isVariableStatement).forEach(visit);
  return found;
}

function isPure(node: ts.Node, text: string): boolean {
  if (ts.isPropertyAccessExpression(node)) return builtIn.includes(node.expression.getText());
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  if (ts.isNewExpression(node) && collections.includes(node.expression.getText()) && !node.arguments?.length)
    return true;
  return text.slice(node.getFullStart(), node.getStart()).includes("@__PURE__");
}
