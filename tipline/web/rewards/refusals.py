"""Why something about a reward was refused: beside which field, and in which words."""

from collections.abc import Mapping

from tipline.services.rewards import agreeing, deciding, ledger, sharing, weighing
from tipline.web.words import _

REFUSALS: Mapping[type[Exception], str] = {
    deciding.SamePerson: "person",
    deciding.NotProposer: "go",
    sharing.NotJoint: "together",
    sharing.PartsDoNotSum: "together",
    sharing.Disputed: "person",
    agreeing.DocumentMissing: "paper",
    deciding.NotEligible: "go",
    deciding.OutOfRange: "amount_yuan",
    deciding.ReasonMissing: "reason",
    ledger.OverBudget: "go",
    weighing.NoScheme: "go",
}


def why(refused: Exception) -> dict[str, str]:
    """The words, by the field that they stand beside."""
    words = {
        deciding.SamePerson: _("您已经参与过这笔奖励或这个案件，须由别人来办。"),
        deciding.NotProposer: _("只有提出的人能改；审批人可以退回，由别人重新提出。"),
        sharing.NotJoint: _("共同举报须是同一案件里愿意领奖的举报；改的时候人员不变。"),
        sharing.PartsDoNotSum: _("各人的份额都要大于零，加起来正好是奖励总额。"),
        sharing.Disputed: _("有共同举报人不同意这样分，须先改分配。"),
        agreeing.DocumentMissing: _("请填写书面同意的编号。"),
        deciding.NotEligible: _("按现有情况，本办法没有应得的奖励。"),
        deciding.OutOfRange: _("请在办法允许的范围内填写金额（元）。"),
        deciding.ReasonMissing: _("请写明理由。"),
        ledger.OverBudget: _("超过本年度奖励经费上限，须先调整经费。"),
        weighing.NoScheme: _("受理当日没有适用的奖励办法。"),
    }
    return {REFUSALS[type(refused)]: words[type(refused)]}
