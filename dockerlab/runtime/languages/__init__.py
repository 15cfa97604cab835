"""Languages that are not interpreted here: their versions, and one-liners that only print (`node -e`).

versions   which version is installed, and the sentence that tells it
oneliners  a tiny grammar: prints of texts, numbers and the few facts that tutorials show
programs   node, java, go, rustc, ruby, perl and their companions
"""
