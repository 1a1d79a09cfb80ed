//! Words in both languages side by side, for what needs no more than numbers to be put in.
//!
//! The macro makes an enum of what can be said. A line without one of its languages does not compile, and a test
//! looks whether both name the same numbers. `{0}` stands for the first number, `{1}` for the second.

use super::Lang;

/// A list of what can be said: a name, perhaps numbers, and the words in English and in Chinese.
macro_rules! words {
    (
        $(#[$about:meta])*
        enum $Name:ident {
            $( $(#[$doc:meta])* $Variant:ident $( ( $($number:ident),+ ) )? = $en:literal, $zh:literal; )*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $Name {
            $( $(#[$doc])* $Variant $( ( $( $crate::text::words::words!(@u64 $number) ),+ ) )?, )*
        }

        impl $Name {
            /// In a language.
            #[must_use]
            pub fn text(self, lang: $crate::text::Lang) -> String {
                match self {
                    $( $Name::$Variant $( ( $($number),+ ) )? =>
                        $crate::text::words::fill(lang, [$en, $zh], &[ $( $($number),+ )? ]), )*
                }
            }

            /// All that can be said, with how many numbers go into each.
            #[cfg(test)]
            pub(crate) const ALL: &[([&str; 2], usize)] =
                &[ $( ([$en, $zh], 0 $( $( + { let $number = 1; $number } )+ )?), )* ];
        }
    };
    (@u64 $number:ident) => { u64 };
}
pub(crate) use words;

/// Puts the numbers in.
pub(crate) fn fill(lang: Lang, [en, zh]: [&str; 2], numbers: &[u64]) -> String {
    let mut rest = match lang {
        Lang::En => en,
        Lang::Zh => zh,
    };
    let mut text = String::with_capacity(rest.len());
    while let Some((before, (place, after))) = rest
        .split_once('{')
        .and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        text += before;
        let number = place.parse().ok().and_then(|place: usize| numbers.get(place));
        text += &number.map_or_else(String::new, u64::to_string);
        rest = after;
    }
    text + rest
}

/// Whether both languages of a list name all of their numbers, and no others.
#[cfg(test)]
pub(crate) fn check(all: &[([&str; 2], usize)]) {
    for (texts, numbers) in all {
        for text in texts {
            assert!(!text.is_empty(), "{texts:?}");
            for place in 0..10 {
                let is_named = text.contains(&format!("{{{place}}}"));
                assert_eq!(is_named, place < *numbers, "{{{place}}} in {text:?}");
            }
        }
    }
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is for modules that others see")]
mod tests {
    use super::*;

    words! {
        /// For the test.
        enum Sample {
            /// Without numbers.
            Plain = "plain", "简单";
            /// With two, in another order.
            Kept(kept, had) = "kept {0} of {1}", "{1} 条中保留 {0} 条";
        }
    }

    #[test]
    fn numbers_are_put_in_where_each_language_wants_them() {
        check(Sample::ALL);
        assert_eq!(Sample::Plain.text(Lang::Zh), "简单");
        assert_eq!(Sample::Kept(2, 3).text(Lang::En), "kept 2 of 3");
        assert_eq!(Sample::Kept(2, 3).text(Lang::Zh), "3 条中保留 2 条");
    }
}
