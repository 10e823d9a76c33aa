"""Whether anything was known that could not have been: audits of predictors and of text."""
