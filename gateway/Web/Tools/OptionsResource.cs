using System.ComponentModel;
using System.Text;
using ModelContextProtocol.Server;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;

namespace Rewas.Gateway.Web.Tools;

/// <summary>What an assistant can read about the options of a sound, made from the same tables as the command's help.</summary>
[McpServerResourceType]
static class OptionsResource
{
    [McpServerResource(UriTemplate = "rewas://options", Name = "options", MimeType = "text/markdown"),
    Description("The options of add_sound and edit_sound by name, and the edits of the energy.")]
    public static string Read()
    {
        var text = new StringBuilder("# Options\n\n");
        foreach (var option in OrderTable.All.Where(option => option.Faces.HasFlag(OptionFaces.Manifest) && option != OrderTable.Prompt))
        {
            var values = option.Kind == OptionKind.Choice ? string.Join(", ", option.Choices) : option.RangeText;
            text.Append("- `").Append(option.Name).Append("`: ").Append(option.Help);
            if (values.Length > 0)
                text.Append(" (").Append(values).Append(')');
            text.Append('\n');
        }
        text.Append("\n# Edits\n\n");
        foreach (var form in EditText.Forms)
            text.Append("- `").Append(form.Name).Append(' ').Append(form.Argument).Append("`: ").Append(form.Description).Append('\n');
        return text.ToString();
    }
}
