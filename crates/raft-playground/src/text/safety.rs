//! The words of the panel that watches over Raft's promises.

use super::words::words;

words! {
    /// What is said of properties besides their names.
    enum SafetyWords {
        /// The list of what must hold.
        Always = "Always true", "始终成立";
        /// The list of what has been seen.
        Sometimes = "Seen in this history", "本段历史中出现过";
        /// It has been seen.
        Seen = "seen", "已出现";
        /// It has not.
        NotYet = "not yet", "尚未出现";
        /// Goes to the event that broke it.
        GoThere = "Go to the event", "回到该事件";
        /// Everything is in force.
        AllOn = "All rules are on: this should be impossible. Please report the seed.", "所有规则都已开启：这本不该发生，请报告种子。";
        /// What may have brought it about.
        SwitchedOff = "Switched off:", "已关闭的规则：";
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_languages_name_the_same_numbers() {
        crate::text::words::check(super::SafetyWords::ALL);
    }
}
