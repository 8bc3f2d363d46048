export { SimvueError } from './errors.ts';
