<?xml version="1.0" encoding="UTF-8"?>
<!-- Nombres de la actualidad que las voces leen mal en español. -->
<lexicon version="1.0" alphabet="ipa" xml:lang="es"
         xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">
  <lexeme><grapheme>Zelenski</grapheme><grapheme>Zelenskiy</grapheme><phoneme>seˈlenski</phoneme></lexeme>
  <lexeme><grapheme>Xi Jinping</grapheme><phoneme>ʃi tʃinˈpin</phoneme></lexeme>
  <lexeme><grapheme>Biden</grapheme><phoneme>ˈbajden</phoneme></lexeme>
  <lexeme><grapheme>Macron</grapheme><phoneme>maˈkɾon</phoneme></lexeme>
  <lexeme><grapheme>Scholz</grapheme><phoneme>ʃolts</phoneme></lexeme>
  <lexeme><grapheme>Merz</grapheme><phoneme>meɾts</phoneme></lexeme>
  <lexeme><grapheme>Musk</grapheme><phoneme>mask</phoneme></lexeme>
  <lexeme><grapheme>Starmer</grapheme><phoneme>ˈstaɾmeɾ</phoneme></lexeme>
  <lexeme><grapheme>Zuckerberg</grapheme><phoneme>ˈsukeɾbeɾɡ</phoneme></lexeme>
  <lexeme><grapheme>Netanyahu</grapheme><phoneme>netanˈʝaxu</phoneme></lexeme>
  <lexeme><grapheme>Google</grapheme><phoneme>ˈɡuɡel</phoneme></lexeme>
  <lexeme><grapheme>YouTube</grapheme><phoneme>ˈʝutub</phoneme></lexeme>
  <lexeme><grapheme>WhatsApp</grapheme><phoneme>ˈwatsap</phoneme></lexeme>
  <lexeme><grapheme>Oaxaca</grapheme><phoneme>waˈxaka</phoneme></lexeme>
  <lexeme><grapheme>México</grapheme><phoneme>ˈmexiko</phoneme></lexeme>
  <lexeme><grapheme>Texas</grapheme><phoneme>ˈtexas</phoneme></lexeme>
  <lexeme><grapheme>Brexit</grapheme><phoneme>ˈbɾeksit</phoneme></lexeme>
</lexicon>
