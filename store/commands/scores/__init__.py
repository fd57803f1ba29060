"""What people do with sheets: a unit scores itself and explains, appraisers score, confirm, return and rule, the standing body exempts."""
