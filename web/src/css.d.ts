/** Style sheets that Vite hands over as text (`?inline`) or puts into the page's own style sheet. */
declare module '*.css?inline' {
  const text: string;
  export default text;
}
declare module '*.css';
