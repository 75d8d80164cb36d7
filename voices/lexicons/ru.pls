<?xml version="1.0" encoding="UTF-8"?>
<!-- Имена из новостей, которые синтезаторы читают неверно по-русски. -->
<lexicon version="1.0" alphabet="ipa" xml:lang="ru"
         xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">
  <lexeme><grapheme>Зеленский</grapheme><phoneme>zʲiˈlʲenskʲij</phoneme></lexeme>
  <lexeme><grapheme>Зеленского</grapheme><phoneme>zʲiˈlʲenskəvə</phoneme></lexeme>
  <lexeme><grapheme>Зеленскому</grapheme><phoneme>zʲiˈlʲenskəmu</phoneme></lexeme>
  <lexeme><grapheme>Зеленским</grapheme><phoneme>zʲiˈlʲenskʲim</phoneme></lexeme>
  <lexeme><grapheme>Зеленском</grapheme><phoneme>zʲiˈlʲenskəm</phoneme></lexeme>
  <lexeme><grapheme>Харьков</grapheme><phoneme>ˈxarʲkəf</phoneme></lexeme>
  <lexeme><grapheme>Макрон</grapheme><phoneme>maˈkron</phoneme></lexeme>
  <lexeme><grapheme>Макрона</grapheme><phoneme>maˈkronə</phoneme></lexeme>
  <lexeme><grapheme>Нетаньяху</grapheme><phoneme>nʲitanʲˈjaxu</phoneme></lexeme>
  <lexeme><grapheme>НАТО</grapheme><phoneme>ˈnatə</phoneme></lexeme>
</lexicon>
