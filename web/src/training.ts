/** The entry of the page of training runs: styles of the document and the one page element. */
import './styles/page.css';
import './pages/training-page.ts';
