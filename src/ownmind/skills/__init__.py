"""Skills: folders with a SKILL.md, as the open specification has them (agentskills.io); what they ask for, approved by the person, and
running them."""
